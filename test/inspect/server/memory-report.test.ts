import {expect, it} from 'vitest';
import {memoryReport} from '../../../source/inspect/server/reports/memory-report.js';

/** A report of a server with an INFO and a letter of MEMORY DOCTOR. */
async function reportOf(info: Readonly<Record<string, number>>, letter: string) {
	const lines = Object.entries(info).map(([field, value]) => `${field}:${value}`);
	const send = async (command: string, [word]: readonly unknown[]) => {
		if (command === 'INFO') return ['# Memory', ...lines].join('\r\n');
		return word === 'DOCTOR' ? letter : [];
	};
	const {rows} = await memoryReport({send});
	const row = (name: string) => rows.filter(({cells}) => cells[0] === name).map(({cells, level}) => [...cells, level]);
	return {fragmentation: row('fragmentation')[0], doctor: row('doctor')};
}

const mebi = 1024 * 1024;

it.each([
	[10 * mebi, 3, ['3.00', 'no concern below 64 MiB', 'plain']],
	[200 * mebi, 1.1, ['1.10', 'fine: little is lost in gaps', 'plain']],
	[200 * mebi, 2, ['2.00', '200 MiB lost in gaps; activedefrag gives it back', 'warn']],
	[200 * mebi, 0.7, ['0.70', 'part of it is swapped out: reads wait for the disk', 'bad']],
])('of %i bytes in use, a fragmentation of %d is told in words', async (used, ratio, words) => {
	const {fragmentation} = await reportOf({used_memory: used, mem_fragmentation_ratio: ratio}, '');
	expect(fragmentation).toEqual(['fragmentation', ...words]);
});

// The letters are those of Redis 7.0.
it.each([
	[
		"Hi Sam, this instance is empty or is using very little memory, my issue detector can't be used in these conditions. Please, leave for your mission on Earth and fill it with some data.\n",
		[['doctor', 'cannot tell', 'there is too little data', 'plain']],
	],
	[
		"Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs on this base.\n",
		[['doctor', 'no issue', '', 'plain']],
	],
	[
		"Sam, I detected a few issues in this Redis instance memory implants:\n\n * Many scripts: There seem to be many cached scripts in this instance (more than 500). This may be because scripts are generated and `EVAL`ed.\n\n * A new one: Its first sentence. Its second one.\n\nI'm here to keep you safe, Sam. I want to help you.\n",
		[
			['doctor', 'many scripts', 'over 500 cached scripts: values should be arguments, not parts of the text', 'warn'],
			['doctor', 'a new one', 'Its first sentence', 'warn'],
		],
	],
])('the letter of the doctor is told in short: %#', async (letter, rows) => {
	expect((await reportOf({used_memory: 1}, letter)).doctor).toEqual(rows);
});
