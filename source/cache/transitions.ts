/**
 * The order in which the parts of a cache react when Redis goes out of use, when it comes back, and when the cache closes.
 */
import {ClosedError, InvalidArgumentError} from '../pool/errors.js';
import type {Pool} from '../pool/types.js';
import {setImmediate} from '../time/real-time.js';
import type {DirtyKeys} from './journal/dirty-keys.js';
import type {PendingWrites} from './journal/pending-writes.js';
import type {KeyParser} from './keys/key-parser.js';
import type {Namespaces} from './keys/namespaces.js';
import type {Flights} from './load/flights.js';
import type {AutoCoherence} from './memory/auto-coherence.js';
import type {ClientTracking} from './memory/client-tracking.js';
import type {Recorder} from './observe/recorder.js';
import type {Availability} from './outage/availability.js';
import type {DataSetWatch} from './outage/data-set-watch.js';
import type {DomainReactions} from './outage/domains/domain-reactions.js';
import type {FailureDomains} from './outage/domains/failure-domains.js';
import type {ModeController, ModeReactions} from './outage/mode-controller.js';
import type {RollbackDetector} from './outage/rollback/rollback-detector.js';
import type {MgetBatcher} from './read/mget/mget-batcher.js';
import type {ScriptRunner} from './scripts/script-runner.js';
import {waitAtMost} from './support/wait-at-most.js';
import {checkCounters} from './tags/check-counters.js';
import type {InvalidationHub} from './tags/invalidation-hub.js';
import type {KnownMarkers} from './tags/known-markers.js';
import type {Reconciler} from './write/reconciler.js';

export type TransitionParts = {
	readonly availability: Availability;
	readonly pool: Pool;
	/** A function, because the domains are created after the parts that they act on. */
	readonly domains: () => FailureDomains;
	readonly batcher: MgetBatcher;
	readonly scripts: ScriptRunner;
	readonly dirtyKeys: DirtyKeys;
	readonly reconciler: Reconciler;
	readonly rollback: RollbackDetector;
	readonly tracking: ClientTracking;
	readonly hub: InvalidationHub;
	readonly markers: KnownMarkers;
	readonly parser: KeyParser;
	/** Tells Redis which keys this process uses. */
	readonly touchUsed: () => Promise<void>;
	readonly recorder: Recorder;
	readonly deadlineMs: number;
};

export function createReactions(parts: TransitionParts & {readonly isIdle: () => boolean}): ModeReactions {
	const {availability, pool, rollback, touchUsed, isIdle, recorder} = parts;
	return {
		onFallback: () => fallBack(parts),
		recover: () => recover(parts),
		onMode(now, previous) {
			if (now.mode === 'connected') resume(parts);
			const {nodes} = availability;
			recorder.events.emit('mode', {...now, previous, ...(nodes === undefined ? {} : {nodes})});
		},
		onHeartbeat() {
			void rollback.beat();
			void touchUsed();
			// A process with memory hits only sends no command that a node could redirect.
			if (!isIdle()) pool.checkNodes();
		},
		onProblem: (error) => recorder.error('connect', error),
	};
}

export function createDomainReactions(
	parts: TransitionParts & {readonly watch: DataSetWatch},
	fallBack: DomainReactions['onAllLost'],
): DomainReactions {
	const {availability, batcher, scripts, hub, dirtyKeys, reconciler} = parts;
	const {rollback, watch, markers, tracking, recorder, deadlineMs} = parts;
	return {
		onAllLost: fallBack,
		onLost(isOfNode) {
			batcher.failLost();
			scripts.rejectQueued();
			hub.wakeAll();
			// As in `fallBack` below.
			dirtyKeys.finalWithin(deadlineMs * 2, isOfNode);
		},
		async recover(node, isOfNode, onChecked) {
			// The node may be another server, or an empty one.
			markers.forgetEnsured(isOfNode);
			hub.gap();
			watch.startCheck(node.lanes);
			await Promise.all([rollback.check(node), checkCounters(parts, node), scripts.prepare(node.lanes.slice(0, 1))]);
			onChecked();
			await reconciler.drain(isOfNode);
			watch.assertVerified(node.lanes);
		},
		onBack() {
			reconciler.schedule();
			tracking.confirmDataSet();
		},
		onMoved: () => reconciler.schedule(),
		onMode({mode, ...node}, previous) {
			const counts = availability.nodes ?? {inUse: 0, total: 0};
			recorder.events.emit('node', {...node, ...mode, previous, nodes: counts});
		},
	};
}

/**
 * Redis is out of use: answers calls that wait for it, or for a load of another process, without it, and rejects unsent
 * commands.
 */
function fallBack({availability, batcher, scripts, hub, dirtyKeys, reconciler, deadlineMs}: TransitionParts): void {
	batcher.failAll(availability.unavailable());
	scripts.rejectQueued();
	hub.wakeAll();
	// Commands in flight can take effect only within their deadline; a second one allows for inaccurate clocks and timers.
	dirtyKeys.finalWithin(deadlineMs * 2);
	reconciler.suspend();
}

/** Redis answers again: reconciles the changes that this process has acknowledged before Redis is read. */
async function recover(parts: TransitionParts): Promise<void> {
	const {markers, hub, rollback, scripts, domains, tracking, reconciler} = parts;
	// Redis may be another server, or an empty one, so known markers are no longer valid.
	markers.forgetEnsured();
	hub.gap();
	const checks = domains().answering.check(async (server) => {
		await Promise.all([rollback.check(server), checkCounters(parts, server)]);
	});
	await Promise.all([checks, scripts.prepare(domains().answering.firstLanes)]);
	tracking.confirmDataSet();
	await reconciler.drain();
}

/** Redis is in use again. */
function resume({reconciler, tracking}: TransitionParts): void {
	// Changes made since the recovery ended are dirty.
	reconciler.schedule();
	// The subscriber may have connected since the recovery checked the lanes.
	tracking.confirmDataSet();
}

export type CloseParts = TransitionParts & {
	readonly modes: ModeController;
	readonly flights: Flights;
	readonly pendingWrites: PendingWrites;
	readonly namespaces: Namespaces;
	readonly autoCoherence: Pick<AutoCoherence, 'close'> | undefined;
};

/** Settles every call in progress, reconciles dirty keys and releases leases if Redis is in use, and frees all resources. */
export async function closeCache(parts: CloseParts): Promise<void> {
	const {availability, pool, modes, flights, batcher, scripts, reconciler, tracking, hub, deadlineMs} = parts;
	const {journal} = parts.dirtyKeys;
	availability.close();
	flights.abort(new ClosedError('the cache'));
	batcher.failAll(new ClosedError('the cache'));
	scripts.rejectQueued();
	hub.close();
	if (availability.isConnected) {
		// Last chance: without a journal file, dirty keys are lost with this process.
		const reconciled = reconcileBeforeClose(parts).catch(() => {});
		// Other processes would wait for loads that were aborted.
		await waitAtMost(Promise.all([reconciled, flights.leased.idle()]), deadlineMs);
	}
	modes.close();
	parts.autoCoherence?.close();
	tracking.close();
	reconciler.close();
	scripts.release();
	await pool.close();
	// Waits for writes in progress, which settle now or at their deadlines, so that they are recorded before the journal
	// closes.
	await parts.pendingWrites.idle();
	journal.close();
	for (const {tier} of parts.namespaces) tier?.clear();
}

/** Changes that were made in the turn of the close are refused when it ends, and are dirty only then. */
async function reconcileBeforeClose({dirtyKeys, reconciler}: CloseParts): Promise<void> {
	await new Promise<void>((resolve) => {
		setImmediate(resolve);
	});
	if (dirtyKeys.journal.size > 0) await reconciler.drain();
}

/** The error that reports that rollback detection is off. */
export function rollbackDetectionOff(error: Error): InvalidArgumentError {
	return new InvalidArgumentError(
		`rollback detection is off: this user may not use INFO, DBSIZE and GET (${error.message}); grant them, or values deleted before Redis went back in time may come back`,
		{cause: error},
	);
}
