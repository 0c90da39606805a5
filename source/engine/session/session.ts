import type {RedisCache} from '../../cache/redis-cache.js';
import type {KeyTtls} from '../../inspect/keys/key-ttls.js';
import {ScanPace} from '../../inspect/keys/scan-pace.js';
import type {Sender} from '../../inspect/sender.js';
import type {ActivitySnapshot} from '../../inspect/server/activity/server-activity.js';
import {BiggestKeys} from '../../inspect/server/big-keys/biggest-keys.js';
import type {ServerNode} from '../../inspect/server/info/read-node.js';
import {readServer} from '../../inspect/server/info/server-info.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import type {TapSnapshot} from '../../tap/snapshot.js';
import type {Tap} from '../../tap/tap.js';
import type {Workload} from '../../workload/workload.js';
import type {EventsWriter, SessionLog} from '../log/events-log.js';
import {FaultEvents} from '../log/fault-events.js';
import {serverEvents} from '../log/server-events.js';
import {oneLine} from '../one-line.js';
import type {EngineOptions, ServerSnapshot, TargetSnapshot} from '../protocol.js';
import type {Connection} from '../target/connection.js';
import {warningsOf} from '../target/diagnosis/target-warnings.js';
import {awaitAnswer, type Inspection, openInspection} from '../target/inspection.js';
import {type AddressMask, maskedLog} from '../target/mask-proxy-address.js';
import {describeTarget, openTarget, type Target, type TargetEvent} from '../target/target.js';
import type {TargetWarning} from '../target-snapshot.js';
import {type ApplicationPort, openApplicationPort} from './application-port.js';
import {deleteKeys} from './delete-keys.js';
import {drillBedOpener} from './drill-bed.js';
import {Drills} from './drills.js';
import {eraseKeys} from './erase-keys.js';
import {FaultControl} from './fault-control.js';
import {HotKeySampler} from './hot-key-sampler.js';
import {openTap} from './open-tap.js';
import {readServerFigures} from './read-server-figures.js';
import {ServerPoller} from './server-poller.js';
import {Sweeps} from './sweeps.js';
import type {TestBed} from './test-bed.js';
import {TestBeds} from './test-beds.js';
import {UndoFiles} from './undo-files.js';

/** Milliseconds that Redis gets to answer again after a drill, before its keys are removed. */
const eraseReadyMs = 1000;

/**
 * Keys a second. A key costs Redis about 1 µs where its name suffices, and 5 µs with type, TTL and size: at this rate a
 * scan takes a fiftieth of its time, or a tenth.
 */
const defaultScanRate = 20_000;

/**
 * Everything that belongs to one Redis: the server, the proxy, a cache with its traffic, and what is known of the
 * server.
 */
export type Session = {
	/** Unix time in milliseconds. */
	readonly startedAt: number;
	readonly target: TargetSnapshot;
	/** As `EngineSnapshot.privateUrl`. */
	readonly privateUrl: string | undefined;
	/** The server's last answer to INFO. */
	readonly server: ServerSnapshot | undefined;
	/** The work of the server for applications. */
	readonly activity: ActivitySnapshot;
	/** The connection for looking at the server. */
	readonly inspector: Sender;
	/** The server, or the masters of a cluster. */
	nodes(): Promise<readonly ServerNode[]>;
	readonly hotKeys: HotKeySampler;
	readonly biggestKeys: BiggestKeys;
	/** Limits the scans of the inspector, all of them together. */
	readonly pace: ScanPace;
	/** The cache and its traffic, replaced while a drill runs. */
	readonly testBed: TestBed;
	readonly testBeds: TestBeds;
	/** The cache of the test bed. */
	readonly cache: RedisCache;
	/** The traffic: that of a drill while one runs. */
	readonly workload: Workload;
	readonly faults: FaultControl;
	readonly drills: Drills;
	readonly sweeps: Sweeps;
	/** Keeps deleted keys, to restore them. */
	readonly undo: UndoFiles;
	/** To be applied to texts that connections produce. */
	readonly maskProxyAddress: AddressMask;
	/** The application behind the tap; undefined without one. */
	applicationSnapshot(): TapSnapshot | undefined;
	cacheSnapshot(): CacheSnapshot;
	ttlHistogram(cache: CacheSnapshot): KeyTtls;
	/** Stops the traffic. On a Redis that this program did not start, its keys are removed then. */
	stopWorkload(): Promise<void>;
	/** Deletes keys, printable as `printKey` writes them. Returns how many. */
	deleteKeys(keys: readonly string[]): Promise<number>;
	close(): Promise<void>;
};

/**
 * Opens a target and starts on it.
 *
 * @param connection Default: a private Redis.
 * @throws {EngineError | InvalidArgumentError} Nothing is left open then.
 */
export async function openSession(
	connection: Connection | undefined,
	options: EngineOptions,
	log: SessionLog,
): Promise<Session> {
	const faultEvents = new FaultEvents(log);
	const onTargetEvent = (event: TargetEvent) => logTargetEvent(event, faultEvents, log);
	const target = await openTarget(connection, options, onTargetEvent);
	if (target.server?.note !== undefined) log.add({level: 'warn', topic: 'server', text: target.server.note});
	let inspection: Inspection | undefined;
	let tap: Tap | undefined;
	let application: ApplicationPort | undefined;
	try {
		inspection = openInspection(target);
		await awaitAnswer(inspection, target);
		const server = await readServer(inspection.sender).catch(() => undefined);
		const warnings = target.server ? [] : await warningsOf(target, inspection.sender, server);
		for (const {text} of warnings) log.add({level: 'warn', topic: 'server', text});
		tap = await openTap(target, options, log, onTargetEvent);
		application = await openApplication(target, options, log);
		return connectParts(target, inspection, {
			tap,
			application,
			options,
			log: maskedLog(log, target.maskProxyAddress),
			faultEvents,
			server,
			warnings,
		});
	} catch (error) {
		application?.close();
		await tap?.close();
		await inspection?.close();
		await target.close();
		throw error;
	}
}

/** Opens a port for the application that drills are run on, if there is one. */
async function openApplication(
	target: Target,
	{subject, proxyPort, hideKeys = false}: EngineOptions,
	log: EventsWriter,
): Promise<ApplicationPort | undefined> {
	return subject === undefined && proxyPort === undefined
		? undefined
		: openApplicationPort(target, {port: proxyPort, hideKeys}, log);
}

/** Milliseconds that the figures of a server wait for the cache to connect. */
const settleMs = 1500;

type Rest = {
	/** Undefined without one. */
	readonly tap: Tap | undefined;
	/** Undefined without an application to drill. */
	readonly application: ApplicationPort | undefined;
	readonly options: EngineOptions;
	readonly log: SessionLog;
	readonly faultEvents: FaultEvents;
	readonly server: ServerSnapshot | undefined;
	readonly warnings: readonly TargetWarning[];
};

/** Builds the parts of a session and hands each the few others that it uses. */
function connectParts(target: Target, inspection: Inspection, rest: Rest): Session {
	const {tap, application, options, log, faultEvents, server, warnings} = rest;
	const {sender: inspector, nodes} = inspection;
	const pace = new ScanPace(options.scanRate ?? defaultScanRate);
	const erase = async (testBed: TestBed) => {
		await inspection.ready(eraseReadyMs);
		await eraseKeys(inspector, testBed.ownKeys());
	};
	const eraseOrSay = async (testBed: TestBed) => {
		try {
			await erase(testBed);
		} catch (error) {
			const text = `keys of the workload stay in Redis until they expire: ${oneLine(error)}`;
			log.add({level: 'warn', topic: 'workload', text});
		}
	};
	const testBeds = new TestBeds({
		target,
		namespace: options.namespace,
		lanes: options.lanes,
		workload: options.workload,
		log,
		erase: eraseOrSay,
	});
	const faults = new FaultControl({proxy: tap?.proxy ?? target.proxy, server: target.server, events: faultEvents, log});
	const hotKeys = new HotKeySampler({
		nodes,
		openMonitor: inspection.openMonitor,
		bytesIn: () => poller.bytesIn,
	});
	const biggestKeys = new BiggestKeys(inspector, pace);
	const settledBy = performance.now() + settleMs;
	const poller = new ServerPoller({
		inspector,
		nodes,
		isExternal: target.server === undefined,
		first: server,
		ownConnections: () => inspection.connections + testBeds.current.connections + hotKeys.connections,
		isSettled: () => testBeds.current.cache.internals.isConnected || performance.now() > settledBy,
		events: serverEvents(log, target),
	});
	const targetSnapshot = () => describeTarget(target, warnings, poller.server?.info);
	const deleteFromCacheOrRedis = (keys: readonly string[]) => {
		const {cache, keyPrefix} = testBeds.current;
		return deleteKeys({cache, keyPrefix, inspector}, keys);
	};
	const openBed = drillBedOpener({
		testBeds,
		target,
		targetSnapshot,
		async erase(testBed) {
			await testBed.close();
			await erase(testBed);
		},
		application,
		subject: options.subject,
		log,
	});
	const drills = new Drills({openBed, faults, target: targetSnapshot, probes: options.probes ?? [], application, log});
	const stopReading = tap && readServerFigures(inspector, (figures) => tap.onServer(figures));
	const sweeps = new Sweeps({inspector, pace, log});
	const removeListeners = [
		faults.onChange((active) => {
			// A drill itself decides which calls are due during a fault.
			if (!drills.isRunning) testBeds.current.workload.setFaultActive(active.length > 0);
		}),
		target.server?.onExit((reason) =>
			log.add({level: 'error', topic: 'server', text: `${reason}; \`outage restart\` starts it again`}),
		),
	];
	return {
		startedAt: Date.now(),
		inspector,
		nodes,
		hotKeys,
		biggestKeys,
		pace,
		testBeds,
		faults,
		drills,
		sweeps,
		undo: new UndoFiles(inspector),
		maskProxyAddress: target.maskProxyAddress,
		privateUrl: target.privateUrl,
		get target() {
			return targetSnapshot();
		},
		get server() {
			return poller.server;
		},
		get activity() {
			return poller.activity;
		},
		get testBed() {
			return testBeds.current;
		},
		get cache() {
			return testBeds.current.cache;
		},
		get workload() {
			return drills.workload ?? testBeds.current.workload;
		},
		applicationSnapshot: () => tap && {...tap.snapshot(), target: target.shownUrl, listen: tap.address},
		cacheSnapshot: () => testBeds.cacheSnapshot(),
		ttlHistogram: (cache) => poller.ttlHistogram(cache),
		deleteKeys: deleteFromCacheOrRedis,
		async stopWorkload() {
			const testBed = testBeds.current;
			await testBed.stopWorkload();
			if (testBed.leavesKeys) await eraseOrSay(testBed);
		},
		async close() {
			for (const remove of removeListeners) remove?.();
			stopReading?.();
			poller.close();
			await sweeps.close();
			biggestKeys.stop();
			await drills.close();
			// Keys that the workload has left behind are removed through the proxy.
			if (testBeds.current.leavesKeys) await faults.lift();
			await testBeds.close();
			faults.close();
			application?.close();
			await tap?.close();
			await inspection.close();
			await target.close();
		},
	};
}

function logTargetEvent(event: TargetEvent, faultEvents: FaultEvents, log: EventsWriter): void {
	switch (event.type) {
		case 'tunnel':
			log.add({level: event.level, topic: 'server', text: event.text});
			return;
		case 'added':
			faultEvents.added(event.fault);
			return;
		case 'lifted':
			faultEvents.lifted(event.fault);
			return;
		case 'full': {
			const text = `the proxy has ${event.limit} connections, and refuses more: close some, or connect to the server itself`;
			log.add({level: 'warn', topic: 'fault', text});
			return;
		}
		case 'port taken': {
			const text = `the proxy cannot open its port, and keeps trying: ${event.error.message}`;
			log.add({level: 'error', topic: 'fault', text});
			return;
		}
		case 'opaque':
			log.add({
				level: 'debug',
				topic: 'fault',
				text: 'a connection through the proxy does not speak the Redis protocol: `error` has no effect on it',
			});
	}
}
