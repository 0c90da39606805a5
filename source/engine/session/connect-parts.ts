import {ScanPace} from '../../inspect/keys/scan-pace.js';
import {BiggestKeys} from '../../inspect/server/big-keys/biggest-keys.js';
import type {Tap} from '../../tap/tap.js';
import {type SessionLog, silentLog} from '../log/events-log.js';
import type {FaultEvents} from '../log/fault-events.js';
import {serverEvents} from '../log/server-events.js';
import {oneLine} from '../one-line.js';
import type {EngineOptions, ServerSnapshot} from '../protocol.js';
import type {Inspection} from '../target/inspection.js';
import {describeTarget, type Target} from '../target/target.js';
import type {TargetWarning} from '../target-snapshot.js';
import type {ApplicationPort} from './application/application-port.js';
import {TappedApplication} from './application/tapped-application.js';
import {drillBedOpener} from './drills/drill-bed-opener.js';
import {Drills} from './drills/drills.js';
import {FaultControl} from './fault-control.js';
import {deleteKeys} from './keys/delete-keys.js';
import {eraseKeys} from './keys/erase-keys.js';
import {Sweeps} from './keys/sweeps.js';
import {UndoFiles} from './keys/undo-files.js';
import {HotKeySampler} from './server/hot-key-sampler.js';
import {readServerFigures} from './server/read-server-figures.js';
import {watchServerSettings} from './server/server-findings.js';
import {ServerPoller} from './server/server-poller.js';
import type {Session} from './session.js';
import type {TestBed} from './test-beds/test-bed.js';
import {TestBeds} from './test-beds/test-beds.js';

/** Milliseconds to wait for Redis to answer after a drill, before its keys are removed. */
const eraseReadyMs = 1000;

/**
 * Keys a second. A key costs Redis about 1 µs if only its name is needed, and 5 µs with type, TTL and size, so that a scan at
 * this rate uses 2 % or 10 % of the server's time.
 */
const defaultScanRate = 20_000;

/** Longest time in milliseconds that the statistics of a server wait for the cache to connect. */
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

/** Builds the parts of a session and passes each the few others that it uses. */
export function connectParts(target: Target, inspection: Inspection, rest: Rest): Session {
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
		isOnDemand: tap !== undefined || options.looksOnly === true,
		workload: options.workload,
		log: tap === undefined ? log : silentLog,
		erase: eraseOrSay,
	});
	const {list} = inspection;
	const faults = new FaultControl({
		proxy: tap?.proxy ?? target.proxy,
		server: target.server,
		nodes: list,
		events: faultEvents,
		log,
	});
	const tapped = tap && new TappedApplication({tap, target: target.shownUrl, faults, log});
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
		hasCache: tap === undefined,
		first: server,
		ownConnections: () => inspection.connections + (testBeds.opened?.connections ?? 0) + hotKeys.connections,
		ownErrors: () => testBeds.errorReplies,
		isSettled: () => testBeds.opened?.cache.internals.isConnected !== false || performance.now() > settledBy,
		events: serverEvents(log, target),
		onReadings: (readings) => void list?.refresh(readings),
	});
	const targetSnapshot = () => describeTarget(target, warnings, poller.server?.info, list?.nodes ?? []);
	const deleteFromCacheOrRedis = (keys: readonly string[]) => {
		const {keyPrefix} = testBeds;
		return deleteKeys({openCache: () => testBeds.openCache(), keyPrefix, inspector}, keys);
	};
	const openBed = drillBedOpener({
		testBeds,
		target,
		targetSnapshot,
		async erase(testBed) {
			await testBed.close();
			await erase(testBed);
		},
		tapped,
		application,
		subject: options.subject,
		log,
	});
	const drills = new Drills({
		openBed,
		faults,
		target: targetSnapshot,
		probes: options.probes ?? [],
		application: tapped ?? application,
		log,
	});
	// The settings of a private server are not examined, since this program chooses them.
	const stopReading =
		tap && target.server === undefined && readServerFigures(nodes, (figures) => tap.onServer(figures));
	const settings = !tap && target.server === undefined ? watchServerSettings(nodes) : undefined;
	const sweeps = new Sweeps({inspector, pace, log});
	const removeListeners = [
		faults.onChange((active) => {
			// A drill tells its workload itself about its faults.
			if (!drills.isRunning) testBeds.opened?.workload.setFaultActive(active.length > 0);
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
		openCache: () => testBeds.openCache(),
		get workload() {
			return drills.traffic ?? testBeds.current.workload;
		},
		get keyPrefix() {
			return testBeds.keyPrefix;
		},
		workloadSnapshot: () => drills.traffic?.snapshot() ?? testBeds.workloadSnapshot(),
		application: tapped,
		serverFindings: () => settings?.findings() ?? [],
		cacheSnapshot: () => testBeds.cacheSnapshot(),
		ttlHistogram: (cache) => poller.ttlHistogram(cache),
		deleteKeys: deleteFromCacheOrRedis,
		async stopWorkload() {
			const testBed = testBeds.opened;
			await testBed?.stopWorkload();
			if (testBed?.leavesKeys) await eraseOrSay(testBed);
		},
		async close() {
			for (const remove of removeListeners) remove?.();
			if (stopReading) stopReading();
			settings?.close();
			tapped?.close();
			poller.close();
			await sweeps.close();
			biggestKeys.stop();
			await drills.close();
			// Keys left by the workload are removed through the proxy.
			if (testBeds.opened?.leavesKeys) await faults.lift();
			await testBeds.close();
			faults.close();
			await application?.close();
			await tap?.close();
			await inspection.close();
			await target.close();
		},
	};
}
