import {describe, expect, test} from 'vitest';
import {wordsOf} from '../../../source/engine/specs/command-calls.js';
import {didIt, FakeEngine, type FakeReply, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

const row = (key: string) => ({key, type: 'string', ttlMs: 60_000, bytes: 100});

/** The keys of a million of which a page has seen a part. */
const page = (keys: readonly string[], cursor: string | undefined, scanned = 250_000) => ({
	ok: true as const,
	lines: [],
	data: {rows: keys.map(row), cursor, scanned, total: 1_000_000, tookMs: 5000},
});

/** Holds the answers to commands that list keys, until a test gives one. */
function startHeld() {
	const engine = new FakeEngine();
	const asked: {readonly line: string; readonly answer: (reply: FakeReply) => void}[] = [];
	const run: FakeEngine['run'] = (call) => {
		engine.calls.push(call as never);
		if (call.name !== 'keys' && call.name !== 'top') return Promise.resolve(didIt(call as never) as never);
		return new Promise((resolve) => {
			asked.push({line: [call.name, ...wordsOf(call)].join(' '), answer: (reply) => resolve(reply as never)});
		});
	};
	engine.run = run;
	const opened = openApp({engine, seconds: 10, size: {columns: 120, rows: 40}});
	const answer = async (line: string, reply: FakeReply) => {
		await until(() => asked.at(-1)?.line === line, `the screen asks for ${line}`);
		asked.at(-1)?.answer(reply);
	};
	return {...opened, asked, answer};
}

describe('a filter', () => {
	test('goes on until there is a page or the end, and says how far it is', async () => {
		const {type, sees, answer, app} = startHeld();
		app.type('2');
		await answer('keys *', page(['first'], undefined));
		await sees('first');
		app.type('/needle\r');
		await answer('keys *needle*', page([], '1'));
		await sees('no match for *needle* yet in 250,000 of 1,000,000 keys');
		await sees('0 found, 250,000 of 1,000,000 scanned, 50.0k/s; n pauses');
		await answer('keys *needle* 1', page([], '2'));
		await answer('keys *needle* 2', page(['a:needle'], '3'));
		await sees('1 found, 750,000 of 1,000,000 scanned');
		await answer('keys *needle* 3', page([], undefined));
		await sees('1 found, 1,000,000 of 1,000,000 scanned');
		await type('', 'a:needle');
	});

	test('says that no key matches only when it has seen all of them', async () => {
		const {sees, answer, app} = startHeld();
		app.type('2');
		await answer('keys *', page(['first'], undefined));
		await sees('first');
		app.type('/needle\r');
		await answer('keys *needle*', page([], '1', 999_000));
		await sees('no match for *needle* yet in 999,000 of 1,000,000 keys');
		expect(app.screen()).not.toContain('no key matches');
		await answer('keys *needle* 1', page([], undefined));
		await sees('no key matches *needle*');
	});

	test('is paused and continued by n, stopped by Esc, and removed by a second one', async () => {
		const {sees, answer, app, asked} = startHeld();
		app.type('2');
		await answer('keys *', page(['first'], undefined));
		await sees('first');
		app.type('/needle\r');
		await answer('keys *needle*', page([], '1'));
		await sees('250,000 of 1,000,000 scanned');
		app.type('n');
		await sees('paused; n continues');
		await answer('keys *needle* 1', page(['b:needle'], '2'));
		await sees('1 found, 500,000 of 1,000,000 scanned, paused; n continues');
		expect(asked.at(-1)?.line).toBe('keys *needle* 1');
		app.type('n');
		await until(() => asked.at(-1)?.line === 'keys *needle* 2', 'the scan goes on');
		app.type('\u001B');
		await sees('paused; n continues');
		await answer('keys *needle* 2', page([], '3'));
		await sees('750,000 of 1,000,000 scanned, paused');
		app.type('\u001B');
		await answer('keys *', page(['first'], undefined));
		await sees('/ filters');
	});

	test('does not take the page of an earlier scan for its own', async () => {
		const {sees, answer, app, asked} = startHeld();
		app.type('2');
		await answer('keys *', page(['first'], undefined));
		await sees('first');
		app.type('rr');
		await until(() => asked.length === 3, 'two scans run');
		asked[2]?.answer(page(['new'], undefined));
		await sees('new');
		asked[1]?.answer(page(['outdated'], '7'));
		app.type('j');
		await sees('1 loaded');
		expect(app.screen()).not.toContain('outdated');
	});
});

describe('an order that needs all keys', () => {
	test('asks before it scans a large keyspace, and says how long it takes', async () => {
		const {sees, answer, app, asked, engine} = startHeld();
		app.type('2');
		await answer('keys *', page(['first'], undefined));
		await sees('first');
		app.type('ss');
		await sees('n scans all 1,000,000 keys for the order by size, at least 20 s at 50.0k/s (--scan-rate)');
		// By what scans have reached; a limit above that says nothing.
		const pushReached = (scanReached: number) => engine.push({...snapshotAt(11), scanReached});
		pushReached(10_000);
		await sees('n scans all 1,000,000 keys for the order by size, about 1m 40s at 10.0k/s as before');
		pushReached(200_000);
		await sees('about 20 s at 50.0k/s (--scan-rate)');
		expect(asked).toHaveLength(1);
		app.type('n');
		await answer('top size *', page(['large'], '1'));
		await sees('1 largest, 250,000 of 1,000,000 scanned, 50.0k/s; n pauses');
		app.type('\u001B');
		await sees('paused; n continues');
		app.type('\u001B');
		await answer('keys *', page(['first'], undefined));
		await sees('1 loaded');
	});
});
