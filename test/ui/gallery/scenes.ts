import type {DrillSnapshot, EngineSnapshot} from '../../../source/engine/protocol.js';
import type {ConnectionSummary} from '../../../source/engine/target/connection.js';
import {describeFault} from '../../../source/faults/catalogue.js';
import type {ActiveFault} from '../../../source/faults/fault.js';
import type {TerminalSize} from '../../../source/ui/state/terminal-size.js';
import {type PanelId, panelsAt} from '../../../source/ui/state/views/plans/overview-plan.js';
import {finding, passed, probe, wire} from '../../report/drill-fixtures.js';
import {type FakeEngine, type Story, snapshotAt, uneventful} from '../../support/fake-engine.js';
import {script} from './replies.js';

/** A fixed state of the screen: what the engine has sent, and the keys that were pressed then. */
export type Scene = {
	readonly name: string;
	/** The panel that is drawn alone. Undefined: the whole screen. */
	readonly panel?: PanelId;
	/** Seconds of the story that are over. Undefined: the engine has sent nothing yet. */
	readonly seconds?: number;
	readonly story?: Story;
	/** Changes the last snapshot of the story. */
	readonly change?: (snapshot: EngineSnapshot) => EngineSnapshot;
	/** Replies of the engine. Default: those of a Redis with keys. */
	readonly script?: (engine: FakeEngine) => void;
	/** One chunk of bytes for each press. */
	readonly keys?: readonly string[];
	/** Default: 120×40, or a quarter of it for a panel. */
	readonly size?: TerminalSize;
	/** Must match the scene at its size. */
	readonly shows: RegExp;
};

type State = Pick<Scene, 'seconds' | 'story' | 'change'>;

const empty: State = {};
const busy: State = {seconds: 70, story: {outage: {from: 40, to: 55}}};
const broken: State = {seconds: 70, story: {outage: {from: 50}}};

const wrongReads: State = {seconds: 70, story: {outage: {from: 40, to: 55}, wrongReads: 3}};

/** A server that this program did not start, without the program's own traffic. */
const served: State = {seconds: 70, story: {target: 'external', workload: false, server: {}}};
/** An application behind the tap. */
const tapped: Story = {target: 'external', workload: false, application: {}};
const waitedFor: State = {seconds: 5, story: {...tapped, application: {connectedAt: 'never'}}};
const healthy: State = {seconds: 70, story: {...tapped, outage: {from: 30, to: 45}}};
const unhealthy: State = {
	seconds: 70,
	story: {...tapped, outage: {from: 30, to: 45}, application: {isUnhealthy: true}},
};
const cutOff: State = {
	seconds: 70,
	story: {...tapped, outage: {from: 58}, application: {isUnhealthy: true}},
};

/** A live process, whose own outages are no simulated ones. */
const attachedTo: Story = {target: 'external', workload: false, process: {}};
const attached: State = {seconds: 70, story: attachedTo};
const attachedNew: State = {seconds: 2, story: {...attachedTo, process: {isNew: true}}};
const attachedSlow: State = {seconds: 70, story: {...attachedTo, process: {isSlow: true}}};
const attachedEnded: State = {seconds: 70, story: {...attachedTo, process: {endsAt: 58}}};

const troubled: State = {seconds: 70, story: {target: 'external', workload: false, server: {trouble: 40}}};

/** A server with a name and a color, which is known not to be as it should. */
const produced: State = {
	...served,
	change: (snapshot) => ({
		...snapshot,
		readOnly: true,
		target: {
			...snapshot.target,
			url: 'rediss://***@cache.example:6379/0',
			connection: {name: 'shop', color: 'red', delimiter: ':'},
			warnings: [{id: 'insecure', text: 'its certificate is not checked'}],
		},
	}),
};

const connections: readonly ConnectionSummary[] = [
	{name: 'shop', url: 'rediss://***@cache.example:6379/0', color: 'red', readOnly: true, isCurrent: true},
	{
		name: 'staging',
		url: 'rediss://***@cache.staging.example:6379/0',
		color: 'yellow',
		readOnly: false,
		isCurrent: false,
	},
	{name: 'dev', url: 'redis://127.0.0.1:6379', color: undefined, readOnly: false, isCurrent: false},
];

const listed = (engine: FakeEngine) => {
	engine.answer = () => ({ok: true, lines: [], data: connections});
};

const unlisted = (engine: FakeEngine) => {
	engine.answer = () => ({ok: true, lines: [], data: []});
};

const cachePanels = panelsAt('cache', {columns: 200, rows: 60});

const panelScenes = cachePanels.flatMap((panel): readonly Scene[] => [
	{name: `panel ${panel} empty`, panel, ...empty, shows: /./},
	{name: `panel ${panel} busy`, panel, ...busy, shows: /\d/},
	{name: `panel ${panel} broken`, panel, ...(panel === 'wrong-reads' ? wrongReads : broken), shows: /\d/},
]);

const serverPanels = panelsAt('server', {columns: 200, rows: 60});

const processPanels = panelsAt('process', {columns: 200, rows: 60}).filter((panel) => !cachePanels.includes(panel));

const processPanelScenes = processPanels.flatMap((panel): readonly Scene[] => [
	{name: `panel ${panel} empty`, panel, ...attachedNew, shows: /./},
	{name: `panel ${panel} busy`, panel, ...attached, shows: /\d/},
	{name: `panel ${panel} broken`, panel, ...attachedSlow, shows: /\d/},
]);

const applicationPanels = panelsAt('application', {columns: 200, rows: 60}).filter(
	(panel) => !cachePanels.includes(panel) && !serverPanels.includes(panel),
);

const applicationPanelScenes = applicationPanels.flatMap((panel): readonly Scene[] => [
	{name: `panel ${panel} empty`, panel, ...waitedFor, shows: /./},
	{name: `panel ${panel} busy`, panel, ...unhealthy, shows: /\d/},
	{name: `panel ${panel} broken`, panel, ...cutOff, shows: /\d/},
]);

const serverPanelScenes = serverPanels
	.filter((panel) => !cachePanels.includes(panel))
	.flatMap((panel): readonly Scene[] => [
		{name: `panel ${panel} empty`, panel, ...empty, shows: /./},
		{name: `panel ${panel} busy`, panel, ...served, shows: /\d/},
		{name: `panel ${panel} broken`, panel, ...troubled, shows: /\d/},
	]);

const waiting = (snapshot: EngineSnapshot): EngineSnapshot => {
	const {cache} = snapshot;
	const checkouts = {
		...cache.pool.checkouts,
		acquireTimeouts: 4,
		waiting: [
			{purpose: 'transaction', since: snapshot.at - 12_000},
			{purpose: 'scan', since: snapshot.at - 3000},
		],
	};
	return {...snapshot, cache: {...cache, pool: {...cache.pool, checkouts}}};
};

const nodePorts = [7000, 7001, 7002];

/** A cluster that has lost one of three nodes, whose clock is ahead. */
const clustered = (snapshot: EngineSnapshot): EngineSnapshot => {
	const {cache} = snapshot;
	const [lane] = cache.pool.lanes;
	const lanes = nodePorts.flatMap((port, node) =>
		[0, 1].flatMap((id) =>
			lane === undefined
				? []
				: [
						{
							...lane,
							id: 2 * node + id,
							node: `10.0.0.7:${port}`,
							state: node === 2 ? ('waiting' as const) : lane.state,
						},
					],
		),
	);
	const nodes = nodePorts.map((port, node) => ({
		address: `10.0.0.7:${port}`,
		mode:
			node === 2
				? {mode: 'fallback' as const, at: snapshot.at - 9000, reason: 'connection lost: the other side closed it'}
				: {mode: 'connected' as const, at: snapshot.at - 60_000, reason: 'connected'},
		slots: node === 0 ? 5462 : 5461,
		replicas: node === 1 ? ['10.0.0.7:7004'] : [],
		clockOffsetMs: [0.3, -0.2, 250][node],
		coherence: node === 2 ? ('ttl' as const) : ('tracking' as const),
	}));
	const listed = [
		...nodePorts.map((port, node) => ({
			number: node + 1,
			address: `10.0.0.7:${port}`,
			role: 'master' as const,
			master: undefined,
			slots: nodes[node]?.slots,
			lagBytes: undefined,
		})),
		...[7004, 7005].map((port, replica) => ({
			number: 4 + replica,
			address: `10.0.0.7:${port}`,
			role: 'replica' as const,
			master: '10.0.0.7:7001',
			slots: undefined,
			lagBytes: replica === 0 ? 81_920 : undefined,
			isLost: replica === 1,
		})),
	];
	const latency = {kind: 'latency', delayMs: 200, node: '10.0.0.7:7001', nodeNumber: 2} as const;
	const since = snapshot.at - 3000;
	const active: ActiveFault = {id: 90, fault: latency, since, until: since + 10_000, label: describeFault(latency)};
	return {
		...snapshot,
		target: {...snapshot.target, topology: 'cluster', nodes: listed},
		faults: [...snapshot.faults, active],
		cache: {...cache, nodes, clockSpreadMs: 250.2, pool: {...cache.pool, lanes}},
	};
};

/** A master behind Sentinel with its replica. */
const watchedBySentinel = (snapshot: EngineSnapshot): EngineSnapshot => ({
	...snapshot,
	target: {
		...snapshot.target,
		topology: 'sentinel',
		nodes: [
			{number: 1, address: '10.0.0.7:6379', role: 'master', master: undefined, slots: undefined, lagBytes: undefined},
			{number: 2, address: '10.0.0.8:6379', role: 'replica', master: '10.0.0.7:6379', slots: undefined, lagBytes: 146},
		],
	},
	cache: {
		...snapshot.cache,
		pool: {
			...snapshot.cache.pool,
			// A failover has just been made, and one lane has not followed it yet.
			lanes: snapshot.cache.pool.lanes.map((lane) => ({
				...lane,
				node: lane.id === 0 ? '10.0.0.8:6379' : '10.0.0.7:6379',
			})),
		},
	},
});

const drill: DrillSnapshot = {
	name: 'black-hole',
	summary: 'a firewall drops packets silently for eight seconds',
	state: 'running',
	elapsedMs: 9000,
	totalMs: 20_000,
	steps: [
		{atMs: 0, forMs: undefined, label: 'rate 2000', kind: 'workload', state: 'done'},
		{atMs: 3000, forMs: 8000, label: 'blackhole', kind: 'fault', state: 'active'},
		{atMs: 15_000, forMs: 2000, label: 'reset', kind: 'fault', state: 'waiting'},
	],
	expectations: [
		{name: 'wrongReads == 0', state: 'open', actual: undefined},
		{name: 'fallbackMs <= 400', state: 'passed', actual: 212},
		{name: 'settleP99Ms <= 250', state: 'failed', actual: 402},
		{name: 'recoveryMs <= 1000', state: 'passed', actual: 1240, toleratedMs: 240},
	],
	report: undefined,
};

/** A drill on an application that has ended, with a page that was probed. */
const endedDrill: DrillSnapshot = {
	...drill,
	name: 'restart',
	summary: 'Redis restarts twice',
	state: 'failed',
	elapsedMs: 20_000,
	application: '127.0.0.1:6380',
	steps: drill.steps.map((step) => ({...step, state: 'done'})),
	expectations: [
		{name: 'probe.availability == 1', state: 'failed', actual: 0.97},
		{name: 'probe.recoveryMs <= 1000', state: 'passed', actual: 410},
		{name: 'wire.notReturned == 0', state: 'failed', actual: 1},
	],
	report: {...passed, drill: 'restart', passed: false, application: '127.0.0.1:6380', probes: [probe], wire},
};

const viewScenes: readonly Scene[] = [
	{name: 'view overview empty', ...empty, shows: /starting/},
	{name: 'view overview busy', ...busy, shows: /blackhole 15 s, fell back at once, recovered in 1\.00 s/},
	{name: 'view overview broken', ...broken, shows: /SIMULATED OUTAGE blackhole 20 s/},
	{name: 'view overview wrong-reads', ...wrongReads, shows: /wrong reads +3/},
	{name: 'view overview smallest', ...broken, size: {columns: 60, rows: 16}, shows: /hit ratio +71\.4 %/},
	{name: 'view overview-server busy', ...served, shows: /✓ nothing is the matter: hit ratio 92 %/},
	{
		name: 'view overview-server broken',
		...troubled,
		shows: /✗ since \d\d:00: out of memory: 25 writes\/s refused with OOM, hit ratio 92 → 61 %, evicting 400\/s/,
	},
	{name: 'view overview-server connection', ...produced, shows: / shop .*CERTIFICATE NOT CHECKED +READ-ONLY/},
	{name: 'view overview-server smallest', ...troubled, size: {columns: 60, rows: 16}, shows: /evicted +\d\d\d\/s/},
	{
		name: 'view overview-application empty',
		...waitedFor,
		shows:
			/tap 127\.0\.0\.1:6380 -> redis:\/\/cache\.example[\s\S]*point your application at redis:\/\/127\.0\.0\.1:6380/,
	},
	{name: 'view overview-application busy', ...healthy, shows: /✓ healthy: hit ratio 92 %, 3,\d\d\d commands\/s, p99/},
	{name: 'view overview-application findings', ...unhealthy, shows: /✗ A slow load can put an old value back: 3 times/},
	{
		name: 'view overview-application broken',
		...cutOff,
		shows:
			/✗ blackhole for 12 s: 8 of 10 connections wait with 32 commands, the longest for 12 s, 0 commands\/s answered/,
	},
	{
		name: 'view overview-application smallest',
		...cutOff,
		size: {columns: 60, rows: 16},
		shows: /connections +10/,
	},
	{
		name: 'view overview-process busy',
		...attached,
		shows: /attached shop-api 4242[\s\S]*✓ connected to Redis: hit ratio 9\d %/,
	},
	{name: 'view overview-process slow', ...attachedSlow, shows: /◐ 18 loads wait for one of 8 loaders/},
	{
		name: 'view overview-process ended',
		...attachedEnded,
		shows:
			/✗ ended +12 s[\s\S]*the process has ended, 12 s ago: waiting for another process named shop-api[\s\S]*Mode and outages ─+ ✗ ended 12 s +was connected/,
	},
	{
		name: 'view overview-process silent',
		seconds: 70,
		story: {...attachedTo, process: {silentAt: 60}},
		shows: /◐ silent[\s\S]*process 4242 has sent nothing for 10 s/,
	},
	{name: 'view overview-process smallest', ...attachedSlow, size: {columns: 60, rows: 16}, shows: /loads +26/},
	{name: 'view keys-process', ...attached, keys: ['2'], shows: /redis-cache-tui --url redis:/},
	{name: 'view server-process', ...attached, keys: ['4'], shows: /Figures of the server are read from Redis/},
	{name: 'view faults-process', ...attached, keys: ['5'], shows: /redis-cache-tui tap --url redis:/},
	{name: 'view findings-process', ...attached, keys: ['7'], shows: /Findings need the traffic/},
	{name: 'view pool-process', ...attached, keys: ['3'], shows: /4 of 4 ready/},
	{name: 'view too-small', ...broken, size: {columns: 50, rows: 12}, shows: /needs 60x16, has 50x12/},
	{name: 'view overview paused', ...busy, keys: ['p'], shows: /PAUSED/},
	{name: 'view overview enlarged', ...busy, keys: ['\t', '\t', '\r'], shows: /▸ Latency/},
	{name: 'view keys list', ...busy, keys: ['2', ' ', 'j', 'j'], shows: /1 marked/},
	{name: 'view keys value', ...busy, keys: ['2', '\r'], shows: /tags +people team:7/},
	{name: 'view keys tree', ...busy, keys: ['2', 't'], shows: /\+ rct: +4,781 keys/},
	{name: 'view keys empty', ...busy, script: () => {}, keys: ['2'], shows: /this database has no keys/},
	{
		name: 'view keys broken',
		...broken,
		script: (engine) => {
			engine.answer = () => ({ok: false, code: 'ERR_UNREACHABLE', message: 'Redis does not answer'});
		},
		keys: ['2'],
		shows: /Redis does not answer/,
	},
	{name: 'view pool empty', ...empty, keys: ['3'], shows: /Pool/},
	{name: 'view pool busy', ...busy, change: waiting, keys: ['3', 'j'], shows: /▲ waiting +12 s +transaction/},
	{name: 'view pool broken', ...broken, keys: ['3'], shows: /0 of 4 ready/},
	{
		name: 'view pool sentinel',
		...busy,
		change: watchedBySentinel,
		keys: ['3'],
		shows: /2 +10\.0\.0\.8:6379 +replica(?:.|\n)+ 0 +● ready .* 2 +280\/s/,
	},
	{
		name: 'view pool cluster',
		...busy,
		change: clustered,
		keys: ['3'],
		shows: /Nodes {2}2 of 3 in use {2}1 down {2}clocks within 250 ms/,
	},
	{name: 'panel modes cluster', panel: 'modes', ...busy, change: clustered, shows: /2\/3 nodes/},
	{name: 'panel pool sentinel', panel: 'pool', ...busy, change: watchedBySentinel, shows: /2 {4}replica +0 +146 B/},
	{name: 'panel pool cluster', panel: 'pool', ...busy, change: clustered, shows: /nodes 2 of 3 in use {2}1 down/},
	{name: 'view pool-application empty', ...waitedFor, keys: ['3'], shows: /point it at redis:\/\/127\.0\.0\.1:6380/},
	{name: 'view pool-application busy', ...healthy, keys: ['3', 'j'], shows: /shop-api +127\.0\.0\.1:53\d+/},
	{name: 'view pool-application broken', ...cutOff, keys: ['3'], shows: /GET 12\.4 s/},
	{name: 'view server empty', ...empty, keys: ['4'], shows: /Server/},
	{name: 'view server busy', ...busy, keys: ['4'], shows: /redis_version/},
	{name: 'view server cluster', ...busy, change: clustered, keys: ['4'], shows: /clocks +within 250 ms !/},
	{name: 'view server filtered', ...busy, keys: ['4', '/', 'max'], shows: /maxmemory_policy/},
	{name: 'view server slow-log', ...served, keys: ['4', '\t'], shows: /! 12:00:41 +182 ms +KEYS session:\*/},
	{
		name: 'dialog kill',
		...served,
		keys: ['4', '\t', '\t', 'x'],
		shows: /The connections of this row will be closed/,
	},
	{name: 'dialog count-keys', ...served, keys: ['4', '\t\t\t\t\t', 's'], shows: /HOTKEYS/},
	{name: 'view faults empty', ...busy, keys: ['5'], shows: /none active/},
	{name: 'view faults settings', ...busy, keys: ['5', 'jjjjj', 'e', '\t'], shows: /▸ jitter/},
	{name: 'view faults broken', ...broken, keys: ['5', 'jj'], shows: /1 active/},
	{
		name: 'view faults drill',
		...broken,
		change: (snapshot) => ({...snapshot, drill}),
		keys: ['5', '\t'],
		shows: /✗ settleP99Ms/,
	},
	{
		name: 'view faults drill-ended',
		...healthy,
		change: (snapshot) => ({...snapshot, drill: endedDrill}),
		keys: ['5'],
		shows: /available again +410 ms after the last fault/,
	},
	{
		name: 'dialog drill-result',
		...healthy,
		change: (snapshot) => ({...snapshot, drill: endedDrill}),
		keys: ['5', 'r'],
		shows: /NOT MET +probe\.availability == 1/,
	},
	{name: 'view log busy', ...busy, keys: ['6'], shows: /following/},
	{name: 'view log filtered', ...busy, keys: ['6', '/', 'fallback\r'], shows: /1 of 9/},
	{name: 'view findings cache', ...busy, keys: ['7'], shows: /redis-cache-tui tap/},
	{name: 'view findings server-empty', ...served, keys: ['7'], shows: /None about the settings of the server/},
	{
		name: 'view findings server',
		...served,
		change: (snapshot) => ({...snapshot, serverFindings: [{...finding, id: 'server-settings', keys: []}]}),
		keys: ['7'],
		shows: /server-settings[\s\S]*What to do +Give each write an EX/,
	},
	{name: 'view findings empty', ...healthy, keys: ['7'], shows: /None so far, in \d+,\d+ commands/},
	{name: 'view findings busy', ...unhealthy, keys: ['7', 'j'], shows: /What to do +Let one caller load/},
	{name: 'view log empty', ...empty, keys: ['6'], shows: /no events yet/},
];

const text = Array.from({length: 80}, (_, index) => `line ${index} of the reply`);

const dialogScenes: readonly Scene[] = [
	{name: 'dialog palette', ...busy, keys: [':', 'out'], shows: /▸ Command/},
	{name: 'dialog palette error', ...busy, keys: [':', 'set a', '\r'], shows: /set needs a value/},
	{
		name: 'dialog redis',
		...busy,
		keys: [':redis LRANGE queue:job:1000 0 -1\r', 'GET'],
		shows: /3\) "third job"/,
	},
	{name: 'dialog help', ...busy, keys: ['?'], shows: /Keys everywhere/},
	{name: 'dialog help nothing', ...busy, keys: ['?', 'zzz'], shows: /no key or command contains these words/},
	{name: 'dialog outage-menu', ...busy, keys: ['o', 'jj', 'l'], shows: /▸ blackhole/},
	{name: 'dialog outage-menu cluster', ...busy, change: clustered, keys: ['o', 'jjjj', 'nn'], shows: /on node 2, 10/},
	{name: 'dialog outage-menu broken', ...broken, keys: ['o'], shows: /lift blackhole/},
	{
		name: 'dialog connections',
		...produced,
		script: listed,
		keys: ['c', 'j'],
		shows: /dev +redis:\/\/127\.0\.0\.1:6379/,
	},
	{name: 'dialog connections empty', ...busy, script: unlisted, keys: ['c'], shows: /has no connections/},
	{name: 'dialog explain', ...busy, keys: ['\t', 'i'], shows: /What is normal/},
	{
		name: 'dialog text',
		...busy,
		script: (engine) => {
			engine.answer = () => ({ok: true, lines: text});
		},
		keys: [':info\r', 'j'],
		shows: /line 1 of the reply/,
	},
	{name: 'dialog confirm', ...busy, keys: [':clear\r', 'cle'], shows: /Type clear and Enter: cle/},
	{name: 'dialog edit', ...busy, keys: ['2', 'e'], shows: /Edit rct:default:user:1/},
];

export const scenes: readonly Scene[] = [
	...panelScenes,
	...serverPanelScenes,
	...applicationPanelScenes,
	...processPanelScenes,
	...viewScenes,
	...dialogScenes,
];

/** Plays a scene's story to an engine, up to the last snapshot. */
export function play(engine: FakeEngine, {seconds, story = uneventful, change, script: reply = script}: Scene): void {
	reply(engine);
	if (seconds === undefined) return;
	engine.play(seconds, story);
	if (change) engine.push(change({...snapshotAt(seconds, story), seq: seconds + 1}));
}
