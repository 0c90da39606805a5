import {expect, test} from 'vitest';
import type {TargetSnapshot} from '../../../source/engine/target-snapshot.js';
import {badges, fittingBadges, modeRow, targetRows} from '../../../source/ui/components/header/header-status.js';
import {unicode} from '../../../source/ui/glyphs.js';
import {Store} from '../../../source/ui/store/store.js';
import {FakeEngine, type Story} from '../../support/fake-engine.js';

/** The wordings for a server at `url`, from the longest to the shortest. */
function wordingsOf(url: string, own: Partial<TargetSnapshot> = {}): readonly string[] {
	const engine = new FakeEngine();
	const store = new Store(engine);
	engine.play(2, {server: {}});
	const state = store.getState();
	store.close();
	if (!state.snapshot) throw new Error('the engine has sent nothing');
	const target = {...state.snapshot.target, name: 'redis', version: '8.0.2', kind: 'external', url, ...own} as const;
	return targetRows({...state, snapshot: {...state.snapshot, target}}).map((row) => row.map(({text}) => text).join(''));
}

test('a cluster whose nodes have no room in the header is named by the first of them', () => {
	expect(wordingsOf('redis+cluster://10.0.0.1:6379,10.0.0.2:6379,10.0.0.3:6379')).toEqual([
		'redis 8.0.2 external redis+cluster://10.0.0.1:6379,10.0.0.2:6379,10.0.0.3:6379',
		'redis 8.0.2 external cluster 10.0.0.1:6379 and 2 more',
		'redis 8.0.2 external',
		'redis external',
		'redis',
	]);
	expect(wordingsOf('rediss+sentinel://***@a:26379,b:26379/primary/0')[1]).toBe(
		'redis 8.0.2 external sentinel a:26379 and 1 more',
	);
});

test('a private cluster is called a cluster once', () => {
	const url = 'redis+cluster://127.0.0.1:7000,127.0.0.1:7001';
	expect(wordingsOf(url, {kind: 'private', topology: 'cluster'})[1]).toBe(
		'redis 8.0.2 private cluster 127.0.0.1:7000 and 1 more',
	);
});

test('a single server is named by its address or not at all', () => {
	expect(wordingsOf('redis://10.0.0.1:6379/0').slice(0, 2)).toEqual([
		'redis 8.0.2 external 10.0.0.1:6379',
		'redis 8.0.2 external',
	]);
});

/** The badges beside the mode of a cluster, in an outage of one node that began ten seconds ago and lasts another twenty. */
function clusterBadges(own: Partial<Story>, columns: number): string {
	const story: Story = {target: 'private', outage: {from: 20}, ...own};
	const engine = new FakeEngine();
	const store = new Store(engine);
	engine.play(31, story);
	const state = store.getState();
	store.close();
	const [fault] = state.snapshot?.faults ?? [];
	if (!state.snapshot || !fault) throw new Error('there is an outage');
	const faults = [
		{
			...fault,
			fault: {...fault.fault, node: '127.0.0.1:27001', nodeNumber: 2},
			label: 'blackhole, on node 2 (127.0.0.1:27001)',
			until: state.snapshot.at + 20_000,
		},
	];
	// With its mode, two of three nodes, and the time since when.
	const room = columns - ' ● connected  2/3 nodes 10 s     '.length;
	return fittingBadges(badges({...state, snapshot: {...state.snapshot, faults}}, unicode), room)
		.map(({text}) => text)
		.join('');
}

test('an outage has a badge in the header of a cluster, in as many words as have room', () => {
	const node = 'blackhole, on node 2 \\(127\\.0\\.0\\.1:27001\\)';
	expect(clusterBadges({}, 120)).toMatch(new RegExp(`^ SIMULATED OUTAGE ${node} 1\\d s, 20 s left +$`));
	expect(clusterBadges({}, 100)).toMatch(new RegExp(`^ SIMULATED ${node} 20 s left +$`));
	expect(clusterBadges({}, 80)).toMatch(/^ SIMULATED blackhole, node 2 20 s left +$/);
	expect(clusterBadges({}, 60)).toMatch(/^ SIMULATED OUTAGE +$/);
	expect(clusterBadges({wrongReads: 4}, 80)).toMatch(/^ SIMULATED OUTAGE +✗ 4 WRONG READS +$/);
	expect(clusterBadges({wrongReads: 4, readOnly: true}, 80)).toMatch(/^ OUTAGE +✗ 4 WRONG READS +READ-ONLY +$/);
	expect(clusterBadges({wrongReads: 4, readOnly: true}, 60)).toMatch(/^ OUTAGE +✗ 4 WRONG READS +$/);
});

test('the trouble of a server is as old as its worst problem, not as an older milder one', () => {
	const engine = new FakeEngine();
	const store = new Store(engine);
	engine.play(31, {server: {}});
	const state = store.getState();
	store.close();
	if (!state.snapshot) throw new Error('the engine has sent nothing');
	const {at, activity} = state.snapshot;
	const problem = (id: 'silent' | 'evicting', level: 'bad' | 'warn', seconds: number) =>
		({id, level, text: id, since: at - seconds * 1000, isOlder: false}) as const;
	const problems = [problem('silent', 'bad', 8), problem('evicting', 'warn', 70)];
	const snapshot = {
		...state.snapshot,
		source: 'server',
		activity: {...activity, verdict: {level: 'bad', problems, summary: ''}},
	} as const;
	const words = modeRow({...state, snapshot}, unicode).map(({text}) => text);
	expect(words.join('').trim()).toMatch(/trouble +8 s$/);
});
