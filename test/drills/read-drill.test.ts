import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {DrillFileError} from '../../source/drills/file/drill-errors.js';
import {readDrill} from '../../source/drills/file/read-drill.js';
import {parseDuration} from '../../source/text/duration.js';

const good = {
	name: 'mine',
	summary: 'Something happens',
	duration: '10s',
	workload: {rate: 100, ttl: '1m', loader: 5},
	cache: {memory: false, journal: {maxKeys: 10}, deadline: '100ms', grace: '5m'},
	steps: [
		{at: '5s', workload: {rate: 500}, for: '1s'},
		{at: 1000, fault: 'latency 20ms down', for: '2s'},
	],
	expectations: ['wrongReads == 0', ' settleMs.p99<=50 '],
};

const text = (change: Record<string, unknown> = {}): string => JSON.stringify({...good, ...change}, null, 2);

function refusalOf(source: string): DrillFileError | undefined {
	try {
		readDrill(source, 'mine.json');
	} catch (error) {
		if (error instanceof DrillFileError) return error;
		throw error;
	}
	return undefined;
}

function problemsOf(source: string): string[] {
	return (refusalOf(source)?.problems ?? []).map(({line, path, message}) => `${line} ${path}: ${message}`);
}

describe('a drill file', () => {
	it('has its durations in milliseconds and its steps in order of time', () => {
		expect(readDrill(text(), 'mine.json')).toEqual({
			name: 'mine',
			summary: 'Something happens',
			durationMs: 10_000,
			workload: {rate: 100, ttl: 60_000, loaderMs: 5},
			cache: {memory: false, journal: {maxKeys: 10}, deadlineMs: 100, grace: 300_000},
			steps: [
				{
					kind: 'fault',
					atMs: 1000,
					forMs: 2000,
					label: 'latency 20ms down',
					fault: {kind: 'latency', delayMs: 20, direction: 'down'},
				},
				{kind: 'workload', atMs: 5000, forMs: 1000, label: 'rate 500', change: {rate: 500}},
			],
			expectations: [
				{name: 'wrongReads == 0', field: 'wrongReads', comparison: '==', limit: 0},
				{name: 'settleMs.p99<=50', field: 'settleMs.p99', comparison: '<=', limit: 50},
			],
		});
	});

	it('may have comments and trailing commas', () => {
		expect(readDrill(text().replace('{', '{ // mine\n').replace(/\}$/, ',}'), 'mine.json').name).toBe('mine');
	});

	it.each<[string, string, string[]]>([
		['no content', '', ['1 : the file is empty']],
		['a missing value', '{\n  "name": }', ['2 : not JSON: value expected']],
		['a missing end', '{"name": "mine"', ['1 : not JSON: close brace expected']],
		['an array instead of an object', '[]', ['1 : must be object']],
		['a missing field', text({duration: undefined}), ['1 : "duration" is missing']],
		['an unknown field', text({color: 'red'}), ['36 : unknown field "color"']],
		[
			'a duration that is none',
			text({duration: 'soon'}),
			['4 duration: is not a duration such as 250, "250ms" or "1.5s", of at most an hour'],
		],
		['a duration of more than an hour', text({duration: '25h'}), ['4 duration: is longer than an hour']],
		[
			'a TTL of more than 30 days',
			text({cache: {ttl: '31d', grace: 30 * 86_400_000 + 1}}),
			[
				'11 cache.ttl: is longer than 30 days',
				'12 cache.grace: is not a duration such as 250, "250ms" or "1.5s", of at most 30 days',
			],
		],
		[
			'a setting that the cache refuses',
			text({cache: {deadline: '2m'}}),
			['11 cache.deadline: deadline must be from 1 to 60000 ms, not 120000 ms'],
		],
		[
			'a memory tier that is on',
			text({cache: {memory: true}}),
			['11 cache.memory: must be false, or an object with bounds'],
		],
		[
			'a bound of the memory tier out of range',
			text({cache: {memory: {maxBytes: 1}}}),
			['12 cache.memory.maxBytes: must be >= 1024'],
		],
		[
			'a field that stands twice',
			text().replace('"rate": 100,', '"rate": 100,\n"ttl": "2m",\n"rate": 200,'),
			[
				'8 workload.rate: is given twice, first in line 6: remove one of them',
				'9 workload.ttl: is given twice, first in line 7: remove one of them',
			],
		],
		[
			'traffic of no call',
			text({workload: {rate: 0}, steps: []}),
			['6 workload.rate: makes no call in the whole drill: give it a higher rate'],
		],
		[
			'traffic that a step stops before the first call',
			text({duration: '5s', steps: [{at: 0, workload: {rate: 0.1}}]}),
			['6 workload.rate: makes no call in the whole drill: give it a higher rate'],
		],
		[
			'a mix without any call',
			text({steps: [{at: 0, workload: {mix: {read: 0, write: 0, delete: 0}}}]}),
			['22 steps[0].workload.mix: has no share above 0: at least one of read, write and delete must be'],
		],
		[
			'a name with spaces',
			text({name: 'my drill'}),
			['2 name: may only have lowercase letters, digits and hyphens, at most 40'],
		],
		[
			'an unknown fault',
			text({steps: [{at: 0, fault: 'earthquake'}]}),
			[
				'21 steps[0].fault: No fault "earthquake"; there are refuse, reset, blackhole, stall, handshake, latency, bandwidth, slice, flaky, limit, error, kill, pause, restart, memory-full, clock, failover, lag, split, reshard',
			],
		],
		[
			'a parameter out of range',
			text({steps: [{at: 0, fault: 'flaky 3'}]}),
			['21 steps[0].fault: flaky: probability is 3; it must be from 0 to 1'],
		],
		[
			'a step with a fault and a change of the traffic',
			text({steps: [{at: 0, fault: 'refuse', workload: {rate: 1}}]}),
			['19 steps[0]: a step needs either "fault" or "workload", not both'],
		],
		[
			'a step with neither',
			text({steps: [{at: 0}]}),
			['19 steps[0]: a step needs either "fault" or "workload", not both'],
		],
		[
			'a step after the end',
			text({steps: [{at: '11s', fault: 'refuse'}]}),
			['20 steps[0].at: is after the end of the drill, which lasts 10000 ms'],
		],
		[
			'a step that ends after the drill',
			text({steps: [{at: '9s', fault: 'refuse', for: '2s'}]}),
			['22 steps[0].for: ends after the drill, which lasts 10000 ms'],
		],
		[
			'a restart with a duration',
			text({steps: [{at: 0, fault: 'restart', for: '2s'}]}),
			['22 steps[0].for: a restart ends when the server answers: remove "for"'],
		],
		[
			'an expectation on an unknown field',
			text({expectations: ['wrongreads == 0']}),
			[expect.stringMatching(/^33 expectations\[0\]: the report has no "wrongreads"; it has /) as string],
		],
		[
			'an expectation with the wrong type',
			text({expectations: ['calls == "many"', 'drill > "x"']}),
			[
				'33 expectations[0]: "calls" is a number, and "many" is not',
				'34 expectations[1]: "drill" can only be compared with == and !=',
			],
		],
		[
			'an expectation without a comparison',
			text({expectations: ['wrongReads']}),
			['33 expectations[0]: is not of the form `field <= value`'],
		],
	])('with %s is refused, with path and line', (_what, source, expected) => {
		expect(problemsOf(source)).toEqual(expected);
	});

	it('may begin with a byte order mark', () => {
		expect(readDrill(`\u{feff}${text()}`, 'mine.json').name).toBe('mine');
		expect(problemsOf(`\u{feff}${text({name: 'X'})}`)).toEqual([expect.stringMatching(/^2 name: may only have/)]);
	});

	it('may start without traffic that a step brings', () => {
		const drill = text({workload: {rate: 0}, steps: [{at: '1s', workload: {rate: 10}, for: '1s'}]});
		expect(problemsOf(drill)).toEqual([]);
	});

	it('may have any duration that options of the cache may have', () => {
		for (const ttl of ['1d', '1.5 h', ' 90m ', '5000', 5000]) {
			expect(readDrill(text({cache: {ttl}}), 'mine.json').cache.ttl).toBe(
				typeof ttl === 'number' ? ttl : parseDuration(ttl),
			);
		}
	});

	it('reports mistakes in faults and expectations beside those that the schema finds', () => {
		const steps = [{fault: 'erthquake'}, {at: 0, fault: 'blckhole', colour: 'red'}, {at: 'soon', fault: 'flaky 3'}, 5];
		const problems = problemsOf(text({name: 'X', duration: 'soon', steps, expectations: [5, 'luck >= 1']}));
		expect(problems.map((problem) => problem.replace(/(No fault "\w+"|has no "\w+").*/, '$1'))).toEqual([
			'2 name: may only have lowercase letters, digits and hyphens, at most 40',
			'4 duration: is not a duration such as 250, "250ms" or "1.5s", of at most an hour',
			'19 steps[0]: "at" is missing',
			'20 steps[0].fault: No fault "erthquake"',
			'24 steps[1].fault: No fault "blckhole"',
			'25 steps[1]: unknown field "colour"',
			'28 steps[2].at: is not a duration such as 250, "250ms" or "1.5s", of at most an hour',
			'29 steps[2].fault: flaky: probability is 3; it must be from 0 to 1',
			'31 steps[3]: must be object',
			'34 expectations[0]: must be string',
			'35 expectations[1]: the report has no "luck"',
		]);
	});

	it('reports all problems at once, in the order of their lines', () => {
		const problems = problemsOf(text({name: 'X', steps: [{at: 'never', fault: 5}], expectations: []}));
		expect(problems).toEqual([
			'2 name: may only have lowercase letters, digits and hyphens, at most 40',
			expect.stringMatching(/^20 steps\[0\]\.at: is not a duration/),
			'21 steps[0].fault: must be string',
			'24 expectations: must NOT have fewer than 1 items',
		]);
		expect(() => readDrill(text({name: 'X', expectations: []}), 'my.json')).toThrow(
			'my.json:2 name: may only have lowercase letters, digits and hyphens, at most 40 (and 1 more)',
		);
	});
});

describe('a drill file with many problems', () => {
	it('has one line for each of them, up to 20', () => {
		const refusal = refusalOf(text({steps: Array.from({length: 30}, () => ({at: 0})), expectations: ['a == 1']}));
		const lines = refusal?.lines ?? [];
		expect(lines).toHaveLength(21);
		expect(lines[0]).toBe('mine.json:19 steps[0]: a step needs either "fault" or "workload", not both');
		expect(lines[1]).toBe('mine.json:22 steps[1]: a step needs either "fault" or "workload", not both');
		expect(lines[20]).toBe('mine.json: and 11 more');
		expect(refusal?.message).toBe(`${lines[0]} (and 30 more)`);
	});
});

describe('the drill in the guide', () => {
	it('is valid, and refers to the schema where the package has it', async () => {
		const root = new URL('../../', import.meta.url);
		const page = await readFile(new URL('notes/guide/drills.md', root), 'utf8');
		const source = /```json\n(\{\n\t"\$schema"[^`]*)```/.exec(page)?.[1] ?? '';
		expect(problemsOf(source)).toEqual([]);
		expect(readDrill(source, 'guide').name).toBe('failover');
		const {$schema}: {$schema: string} = JSON.parse(source);
		const {name, exports}: {name: string; exports: Record<string, string>} = JSON.parse(
			await readFile(new URL('package.json', root), 'utf8'),
		);
		expect($schema).toBe(`./node_modules/${name}/${exports['./drill.schema.json']?.slice(2)}`);
	});
});
