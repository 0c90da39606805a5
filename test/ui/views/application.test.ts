import {describe, expect, test} from 'vitest';
import {type Story, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

const tapped: Story = {target: 'external', workload: false, application: {}};
const unhealthy: Story = {...tapped, application: {isUnhealthy: true}};
const cutOff: Story = {...tapped, outage: {from: 20}};
const waitedFor: Story = {...tapped, application: {connectedAt: 'never'}};

const large = {columns: 200, rows: 60};

describe('the overview of an application behind the tap', () => {
	test('says where to connect to until it has connected, and copies the URL with y', async () => {
		const {app, sees, type, losesSight, engine} = openApp({story: waitedFor});
		await sees('tap 127.0.0.1:6380 -> redis://cache.example:6379/0');
		await sees('point your application at redis://127.0.0.1:6380');
		await type('y', 'copied redis://127.0.0.1:6380');
		expect(app.copied()).toEqual(['redis://127.0.0.1:6380']);
		engine.play(36, tapped, 31);
		await losesSight('point your application');
		await sees('healthy: ');
	});

	test('says that it is healthy, with the figures of the last ten seconds', async () => {
		const {sees} = openApp({story: tapped});
		await sees(/✓ healthy: hit ratio 92 %, 3,\d{3} commands\/s, p99 \d\.\d\d ms/);
		await sees(/ ✓ healthy .*\n.* 3,\d{3} commands\/s {2}hit {2}9\d\.\d % {2}p99 \d\.\d\d ms/);
	});

	test('names the worst finding, and how many there are', async () => {
		const {sees} = openApp({story: unhealthy});
		await sees('✗ A slow load can put an old value back: 3 times a value was set');
		await sees('1 serious  2 warnings  1 info  press 7');
	});

	test('counts a new finding in all panels as soon as the sentence names it', async () => {
		const {engine, sees} = openApp({story: tapped});
		const {application} = snapshotAt(30, unhealthy);
		const snapshot = snapshotAt(30, tapped);
		if (!snapshot.application || !application) throw new Error('there is no application');
		await sees('✓ healthy');
		// A quarter of a second later, in the same second of the tap.
		engine.push({
			...snapshot,
			at: snapshot.at + 250,
			application: {...snapshot.application, findings: application.findings},
		});
		await sees('✗ A slow load can put an old value back: 3 times a value was set');
		await sees('1 serious  2 warnings  1 info  press 7');
	});

	test('names what costs something next to the figures of a healthy one', async () => {
		const {engine, sees} = openApp({story: tapped});
		const {application} = snapshotAt(30, unhealthy);
		const remark = application?.findings.filter(({level}) => level === 'info') ?? [];
		const snapshot = snapshotAt(31, tapped);
		if (!snapshot.application) throw new Error('there is no application');
		engine.push({...snapshot, application: {...snapshot.application, findings: remark}});
		await sees(/✓ healthy: .*; see view 7: Round trips that could be one/);
	});

	test('says in a fault what the application does, and afterwards how it came back', async () => {
		const {engine, sees} = openApp({size: large, story: cutOff});
		await sees(
			/✗ blackhole for 10 s: 8 of 10 connections wait with 32 commands, the longest for 10 s, 0 commands\/s answered/,
		);
		await sees('4 of 10 connections broke, 34 commands lost, 40 attempts to connect without back-off');
		engine.play(45, {...tapped, outage: {from: 20, to: 40}}, 31);
		await sees(/12:00:20 blackhole +20 s {2}answered again after 412 ms, waited up to 20 s/);
		await sees('✓ healthy');
	});

	test('says that Redis is silent, before any finding, where no fault of this program explains it', async () => {
		const {engine, sees} = openApp({story: unhealthy, size: large});
		const {server} = snapshotAt(30, unhealthy);
		const play = (from: number, to: number, story: Story) => {
			for (let second = from; second <= to; second++) {
				const snapshot = snapshotAt(second, story);
				engine.push({...snapshot, faults: [], server});
			}
		};
		// The login of this program is refused, and the application is served.
		play(31, 35, unhealthy);
		await sees('✗ A slow load can put an old value back');
		play(36, 41, {...unhealthy, outage: {from: 36}});
		await sees(/✗ Redis has not answered for 11 s: 8 of 10 connections wait with 32 commands, the longest for 5 s/);
		await sees('✗ serious ');
		engine.play(44, {...unhealthy, outage: {from: 36, to: 42}}, 42);
		await sees('✗ A slow load can put an old value back');
	});

	test('says that logins of the application are refused, while it gets nothing but errors', async () => {
		const {engine, sees} = openApp({story: tapped});
		const play = (from: number, to: number, errorsAt: (total: number) => number) => {
			for (let second = from; second <= to; second++) {
				const snapshot = snapshotAt(second, tapped);
				const {application} = snapshot;
				if (!application) throw new Error('there is no application');
				const commands = {...application.commands, errors: errorsAt(application.commands.total)};
				const connections = {...application.connections, refusedLogins: 6};
				engine.push({...snapshot, application: {...application, commands, connections, errors: {WRONGPASS: 6}}});
			}
		};
		play(31, 43, (total) => total);
		await sees('✗ Redis refuses the login of the application (WRONGPASS): 6 times so far');
		const refused = snapshotAt(43, tapped).application?.commands.total ?? 0;
		play(44, 46, () => refused);
		await sees('✓ healthy: ');
	});

	test.each([
		['most', 'WRONGTYPE', 0.9, /✗ 90 % of the commands fail: [\d,]+ errors\/s, mostly WRONGTYPE/],
		['some', 'OOM', 0.2, /◐ 20 % of the commands fail: [\d,]+ errors\/s, mostly OOM/],
		['scripts that are sent again', 'NOSCRIPT', 0.2, '✓ healthy: '],
	] as const)('says whether commands of the application fail: %s', async (_, code, share, words) => {
		const {engine, sees} = openApp({story: tapped});
		for (let second = 31; second <= 43; second++) {
			const snapshot = snapshotAt(second, tapped);
			const {application} = snapshot;
			if (!application) throw new Error('there is no application');
			const errors = Math.round(application.commands.total * share);
			const commands = {...application.commands, errors};
			engine.push({...snapshot, application: {...application, commands, errors: {[code]: errors}}});
		}
		await sees(words);
	});

	test('says how the drill on the application has ended, whichever view it was started from', async () => {
		const {engine, sees} = openApp({story: tapped});
		const drill = {name: 'default', summary: '', elapsedMs: 5000, totalMs: 10_000, steps: [], expectations: []};
		const running = {...drill, state: 'running', report: undefined} as const;
		engine.push({...snapshotAt(31, tapped), drill: running});
		await sees(/What is the matter ─+ drill running \(5\)/);
		engine.push({...snapshotAt(32, tapped), drill: {...running, state: 'failed'}});
		await sees(/What is the matter ─+ drill failed \(5\)/);
	});

	test('says in the outage menu whose connections it breaks', async () => {
		const {type} = openApp({story: tapped});
		await type('o', /Simulate an outage .* breaks the connections of the application/);
	});

	test('has all figures on the largest screen', async () => {
		const {sees} = openApp({size: large, story: unhealthy});
		await sees(/search:\* +█+.* 31 % .* DEL +█/);
		await sees(/HGETALL +.* 0\.80 ms {2}6\.40 ms/);
		await sees(/no TTL +█+.* 8 %/);
		await sees(/product:17 +\S+ +14\.0 % +search:all +402 KiB/);
		await sees(/OOM +5/);
		await sees(/CLIENT +OPEN +CMDS/);
		await sees(/created +0\/s, 10 since the start/);
	});

	test('says which part of the keys is followed, where there are too many commands for all of them', async () => {
		const {sees} = openApp({size: large, story: {...tapped, application: {isSampled: true}}});
		await sees(/Hit ratio by pattern ─+ follows 1 key in 8/);
		await sees(/Hot keys, big values ─+ follows 1 key in 8/);
	});

	test('has a line for each figure at 60×16', async () => {
		const {sees} = openApp({size: {columns: 60, rows: 16}, story: unhealthy});
		await sees(/fewest hits +31\.0 % {2}search:\*/);
		await sees(/slowest +61\.0 ms {2}KEYS/);
		await sees(/findings +4 {2}1 serious {2}2 warnings {2}1 info/);
	});

	test('keeps the sentence, hit ratio, commands, patterns, connections and findings at 80×24', async () => {
		const {app, sees} = openApp({size: {columns: 80, rows: 24}, story: unhealthy});
		for (const title of ['What is the matter', 'Hits', 'By command', 'By pattern', 'Connections', 'Findings'])
			await sees(`─ ${title} ─`);
		expect(app.screen()).not.toContain('TTLs written');
	});
});

describe('the findings view', () => {
	test('lists the findings, the most serious first, with evidence, reason and advice of the selected one', async () => {
		const {app, type, sees} = openApp({story: unhealthy});
		await type('7', /serious .* A slow load.*\n.*warning .*stampede.*\n.*no-ttl.*\n.*info .*round-trips/);
		await sees(/What was seen +3 times a value was set/);
		await type('j', /What was seen +12 times, at least 3 callers missed one key of product:\*/);
		await sees(/Why it matters +When a popular key expires/);
		await sees(/What to do +Let one caller load/);
		await type('\r', 'Esc closes');
		app.type('\u001B');
		await type('y', 'copied the finding');
		expect(app.copied()[0]).toMatch(/^warning: Several callers load[\s\S]*\nWhat to do: Let one caller/);
	});

	test.each([
		{target: 'redis+cluster://10.0.0.7:7000', copied: 'redis://127.0.0.1:6380', words: 'as the only node of its'},
		{target: 'rediss+sentinel://10.0.0.5:26379/main', copied: '127.0.0.1:6380', words: 'as its only Sentinel'},
	])('says what the tap stands for in front of $target', async ({target, copied, words}) => {
		const {engine, app, sees, type} = openApp({seconds: 'none'});
		const snapshot = snapshotAt(30, waitedFor);
		const {application} = snapshot;
		if (!application) throw new Error('there is no application');
		engine.push({...snapshot, application: {...application, target}});
		await sees(`point your application at ${copied} ${words}`);
		await type('y', `copied ${copied}, if`);
		expect(app.copied()).toEqual([copied]);
	});

	test('keeps the selected finding when a more serious one appears', async () => {
		const {engine, type, sees} = openApp({seconds: 'none'});
		const snapshot = snapshotAt(30, unhealthy);
		const {application} = snapshot;
		if (!application) throw new Error('there is no application');
		const [first, ...others] = application.findings;
		engine.push({...snapshot, application: {...application, findings: others}});
		await type('7j', /▸ ◐ warning +no-ttl/);
		engine.push({...snapshot, application: {...application, findings: first ? [first, ...others] : others}});
		await sees(/✗ serious/);
		await sees(/▸ ◐ warning +no-ttl/);
	});

	test('says how much was seen without a finding, and how to get findings where there is no tap', async () => {
		const healthy = openApp({story: tapped});
		await healthy.type('7', /None so far, in 9\d,\d{3} commands on 10 connections/);
		const waiting = openApp({story: waitedFor});
		await waiting.type('7', 'point it at redis://127.0.0.1:6380');
		const cache = openApp();
		await cache.type('7', 'redis-cache-tui tap --url');
	});

	test('shows hashes of keys as the tap gives them', async () => {
		const {app, type} = openApp({story: {...tapped, application: {isUnhealthy: true, hideKeys: true}}});
		await type('7', /Keys +#\w+:\*/);
		expect(app.screen()).not.toMatch(/KEYS[\s\S]*product:\*[\s\S]*What was seen/);
	});
});

describe('the pool view of an application', () => {
	test('lists its connections, those that wait longest first', async () => {
		const {app, type, sees} = openApp({story: cutOff});
		await type('3', /Pool: 10 connections of the application .* 10 busy {2}created 4\/s/);
		await sees(/1 +shop-api +127\.0\.0\.1:53140 +30 s .* 4 {2}GET 10\.4 s +10\.4 s/);
		await sees(/9 +shop-worker .*BLPOP blocks/);
		await type('j', /▸ +2 +shop-api/);
		// The number of lanes is that of a cache of this program.
		expect(app.screen()).not.toContain('add or remove a lane');
	});

	test('names the node to which each leads, where there are several servers', async () => {
		const {engine, app, type, sees} = openApp({seconds: 'none', size: large});
		const snapshot = snapshotAt(30, tapped);
		const {application, target} = snapshot;
		if (!application) throw new Error('there is no application');
		const address = (index: number) => `10.0.0.7:${[7000, 7001, 26_379][index % 3]}`;
		const rest = {slots: undefined, lagBytes: undefined};
		const nodes = [
			{number: 1, address: address(0), role: 'master' as const, master: undefined, ...rest},
			{number: 2, address: address(1), role: 'replica' as const, master: address(0), ...rest},
		];
		const connections = application.live.connections.map((each, index) => ({...each, node: address(index)}));
		engine.push(snapshotAt(29, tapped));
		await type('3', /# +name +from/);
		expect(app.screen()).not.toContain('node ');
		const live = {...application.live, connections};
		engine.push({...snapshot, target: {...target, nodes}, application: {...application, live}});
		await sees(/# +name +node +to +from /);
		await sees(/shop-api +1 master .*10\.0\.0\.7:7000/);
		await sees(/shop-api +2 replica .*10\.0\.0\.7:7001/);
		await sees(/shop-\w+ +Sentinel .*10\.0\.0\.7:26379/);
	});

	test('says where to connect to until there is one', async () => {
		const {type} = openApp({story: waitedFor});
		await type('3', 'point it at redis://127.0.0.1:6380');
	});
});

test('the keys that change the number of lanes do nothing while the screen is about an application', async () => {
	const {app, engine, type} = openApp({story: tapped});
	await type('3', 'Pool: 10 connections');
	app.type('+');
	await type('j', /▸ +2 /);
	expect(engine.calls).toEqual([]);
});
