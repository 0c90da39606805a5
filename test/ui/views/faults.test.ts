import {describe, expect, test} from 'vitest';
import type {CommandCall} from '../../../source/engine/specs/command-calls.js';
import {type FaultInfo, faultCatalogue} from '../../../source/faults/catalogue.js';
import {parseFault} from '../../../source/faults/parse-fault.js';
import {argumentsOf, fieldsOf, problemOf} from '../../../source/ui/state/faults/fault-settings.js';
import {passed, probe, wire} from '../../report/drill-fixtures.js';
import {FakeEngine, snapshotAt, storyStart} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import type {RenderOptions} from '../../support/render-app.js';

const faultInfo = (kind: FaultInfo['kind']): FaultInfo => {
	const info = faultCatalogue.find((candidate) => candidate.kind === kind);
	if (info === undefined) throw new Error(`there is no fault ${kind}`);
	return info;
};

const blackHole = {
	name: 'black-hole',
	summary: 'a firewall drops packets',
	durationMs: 12_000,
	steps: [
		{atMs: 2000, forMs: 3000, label: 'blackhole down', kind: 'fault'},
		{atMs: 8000, label: 'rate 500', kind: 'workload'},
	],
	expectations: [{name: 'wrongReads == 0'}],
};

function start(options: RenderOptions = {}) {
	const engine = new FakeEngine();
	const calls: CommandCall[] = [];
	engine.answer = (call) => {
		if (call.name === 'drills') return {ok: true, lines: [], data: [blackHole]};
		calls.push(call);
		return {ok: true, lines: [`did ${call.name} ${call.args.join(' ')}`]};
	};
	return {...openApp({...options, engine}), calls};
}

describe('the faults view', () => {
	test('sets the parameters of a fault in place, and starts it so', async () => {
		const {type, app, calls, sees} = start();
		await type('5', 'none active');
		await type('jjjjj', /▸ +latency/);
		await type('e', /▸ delay +100ms/);
		await sees('Enter start  Esc back');
		app.type('\u0015');
		await type('80ms', 'outage latency 80ms');
		await type('\t', /▸ jitter +0ms/);
		await type('\t', /▸ direction +both +up \| down \| both/);
		await type(' ', 'outage latency 80ms up');
		await type('\u001B[D', /outage latency 80ms +[│┃]/);
		await type('\u001B[C', 'outage latency 80ms up');
		await type('\t', /▸ for/);
		await type('9s', 'outage latency 80ms up for 9s');
		await type('\r', 'did outage latency 80ms up for 9s');
		expect(calls).toEqual([{name: 'outage', args: ['latency', '80ms', 'up', 'for', '9s']}]);
		// Settings are kept for the next time.
		await type('kj', 'outage latency 80ms up for 9s');
	});

	test('shows in place why a value is wrong, does not start the fault, and takes q as a letter', async () => {
		const {type, app, calls, sees} = start();
		await type('5', 'none active');
		await type('jjjjj', /▸ +latency/);
		await type('e', /▸ delay/);
		await type('q', /delay wants a time such as 200ms or 1\.5s, not "100msq"/);
		app.type('\r');
		await type('\u007F', 'outage latency 100ms');
		app.type('\u001B');
		await sees('e sets parameters');
		expect(calls).toEqual([]);
	});

	test('shows the result of a drill in full on r, and says so if none has ended', async () => {
		const {engine, type, sees} = start();
		await type('5', 'none active');
		await type('r', 'no drill has ended yet');
		const drill = {
			name: 'restart',
			summary: 'Redis restarts twice',
			state: 'failed',
			elapsedMs: 9000,
			totalMs: 9000,
			steps: [],
			expectations: [{name: 'probe.availability == 1', state: 'failed', actual: 0.97}],
			report: {...passed, probes: [probe], wire},
		} as const;
		engine.push({...snapshotAt(31, {}), drill});
		await sees('Drill: restart');
		await type('r', /NOT MET +probe\.availability == 1 +is 0\.97/);
		await sees(/reconnects +13 attempts, 10 failed/);
	});

	test('shows the active faults, and how much longer they last', async () => {
		const {engine, sees, type} = start();
		await type('5', 'none active');
		const snapshot = snapshotAt(31, {});
		const fault = {kind: 'latency', delayMs: 80} as const;
		const since = storyStart + 25_000;
		engine.push({
			...snapshot,
			faults: [
				{id: 1, fault, since, until: snapshot.at + 4000, label: 'latency 80 ms'},
				{id: 2, fault, since, until: undefined, label: 'latency 80 ms'},
				{id: 3, fault: {kind: 'stall'}, since: snapshot.at - 6000, until: undefined, label: 'stall'},
			],
		});
		await sees('3 active, x heals');
		await sees(/latency 80 ms: 4 s left, and 1 more/);
		await sees(/stall: for 6 s, until healed/);
	});

	test('lifts the selected fault alone with u, and completes the active faults in the palette', async () => {
		const {engine, sees, type} = start();
		await type('5', 'none active');
		await sees('u lift it');
		const since = storyStart + 25_000;
		engine.push({
			...snapshotAt(31, {}),
			faults: [
				{id: 1, fault: {kind: 'latency', delayMs: 80}, since, until: undefined, label: 'latency 80 ms'},
				{id: 2, fault: {kind: 'latency', delayMs: 90}, since, until: undefined, label: 'latency 90 ms'},
				{id: 3, fault: {kind: 'stall'}, since, until: undefined, label: 'stall'},
			],
		});
		await type('jjj', /▸ ▲ stall/);
		await sees('u lifts it, Enter starts another, e sets parameters');
		await type('u', '✓ did heal');
		expect(engine.calls.at(-1)).toEqual({name: 'heal', args: ['stall']});
		await type(':heal ', /stall +stall/);
		await sees(/latency +all 2 of them/);
		await sees(/2 +latency 90 ms/);
		await type('sta\t\r', '✓ did heal');
		expect(engine.calls.at(-1)).toEqual({name: 'heal', args: ['stall']});
	});

	test('shows why an expectation over its limit has passed: the machine was late', async () => {
		const {engine, sees, type} = start({size: {columns: 120, rows: 40}});
		const expectations = [
			{name: 'recoveryMs <= 1000', state: 'passed', actual: 1953, toleratedMs: 953},
			{name: 'wrongReads == 0', state: 'passed', actual: 0},
		] as const;
		const drill = {name: 'late', summary: 'Late', state: 'passed', elapsedMs: 5, totalMs: 5, steps: []} as const;
		engine.push(snapshotAt(31, {drill: {...drill, expectations, report: undefined}}));
		await type('5', 'Drill: late');
		await sees(/✓ recoveryMs <= 1000 +is 1953, tolerated: this machine was late/);
		await sees(/✓ wrongReads == 0 +is 0 *│/);
	});

	test('says how many expectations of a drill have failed where they have no room', async () => {
		const {engine, type} = start({size: {columns: 60, rows: 16}});
		const expectations = [
			{name: 'wrongReads == 0', state: 'failed', actual: 3},
			{name: 'hungCalls == 0', state: 'passed', actual: 0},
		] as const;
		const drill = {name: 'black-hole', summary: '', state: 'running', elapsedMs: 5000, totalMs: 20_000} as const;
		engine.push(snapshotAt(31, {drill: {...drill, steps: [], expectations, report: undefined}}));
		await type('5', /running {2}1 failed/);
	});

	test('shows the plan of a drill that has not run, without elapsed time', async () => {
		const {type, sees} = start({size: {columns: 120, rows: 40}});
		await type('5', 'black-hole');
		await type('\t', 'Drill: black-hole');
		await sees(/not run yet +12 s/);
		await sees('○ blackhole down');
		await sees('○ rate 500');
		await sees('○ wrongReads == 0');
	});

	test.each([
		{columns: 60, rows: 16},
		{columns: 80, rows: 24},
		{columns: 120, rows: 40},
	])('keeps the parameter that is being set in sight at $columns×$rows', async (size) => {
		const {type, sees} = start({size});
		await type('5', 'none active');
		await type('jjjjj', /▸ +latency/);
		await type('e', /▸ delay/);
		await type('\t', /▸ jitter/);
		await type('\t', /▸ direction/);
		await type('\t', /▸ for/);
		await sees('Enter starts');
	});
});

test('the faults view runs a drill and shows its progress', async () => {
	const engine = new FakeEngine();
	engine.answer = (call) =>
		call.name === 'drills'
			? {ok: true, lines: [], data: [blackHole]}
			: {ok: true, lines: [`did ${call.name} ${call.args.join(' ')}`]};
	const {type, sees, app} = openApp({engine});
	await type('5', 'black-hole');
	await type('\t\r', 'did drill black-hole');
	const drill = {
		name: 'black-hole',
		summary: '',
		state: 'running' as const,
		elapsedMs: 4000,
		totalMs: 10_000,
		steps: [{atMs: 3000, forMs: 3000, label: 'blackhole', kind: 'fault' as const, state: 'active' as const}],
		expectations: [
			{name: 'wrongReads == 0', state: 'open' as const, actual: undefined},
			{name: 'hungCalls == 0', state: 'passed' as const, actual: 0},
			{name: 'recoveryMs <= 1000', state: 'failed' as const, actual: 1240},
		],
		report: undefined,
	};
	engine.push(snapshotAt(31, {drill}));
	await sees('○ wrongReads == 0');
	await sees('✓ hungCalls == 0');
	await sees(/✗ recoveryMs <= 1000 +is 1240/);
	expect(app.screen()).toContain('running  1 expectation failed  4 s of 10 s');
});

describe('the settings of a fault', () => {
	test.each(faultCatalogue)('of $kind make a valid command by default', (info) => {
		expect(problemOf(info, {})).toBeUndefined();
		expect(parseFault(argumentsOf(info, {})).kind).toBe(info.kind);
		const fields = fieldsOf(info, false).map(({field}) => field);
		expect(fields.includes('for')).toBe(!['restart', 'failover'].includes(info.kind));
		expect(fieldsOf(info).map(({field}) => field)).toEqual([...fields, 'node']);
	});

	test('leave out defaults, except those that a command requires', () => {
		const latency = faultInfo('latency');
		expect(argumentsOf(latency, {})).toEqual(['latency', '100ms']);
		expect(argumentsOf(latency, {jitterMs: '50ms', direction: 'down'})).toEqual([
			'latency',
			'100ms',
			'jitter',
			'50ms',
			'down',
		]);
		expect(argumentsOf(faultInfo('error'), {error: 'OOM', probability: '30%'})).toEqual([
			'error',
			'OOM',
			'probability',
			'30%',
		]);
		const flaky: FaultInfo = faultInfo('flaky');
		expect(problemOf(flaky, {probability: '3'})).toBe('flaky: probability is 3; it must be from 0 to 1');
		expect(problemOf(flaky, {for: 'ever'})).toBe('for needs a time such as 10s, not "ever"');
	});
});
