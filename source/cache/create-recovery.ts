import {randomUUID} from 'node:crypto';
import type {Pool} from '../pool/types.js';
import {localNow} from './clock/local-now.js';
import type {ServerClocks} from './clock/server-clocks.js';
import {DirtyKeys} from './journal/dirty-keys.js';
import type {PendingWrites} from './journal/pending-writes.js';
import {UnconfirmedWrites} from './journal/unconfirmed-writes.js';
import type {Namespaces} from './keys/namespaces.js';
import type {Settings} from './options/settings.js';
import {DataSetWatch, type DataSetWatchParts} from './outage/data-set-watch.js';
import type {Health} from './outage/health/health.js';
import {RollbackDetector} from './outage/rollback/rollback-detector.js';
import {rollbackDetectionOff} from './transitions.js';
import {Reconciler, type ReconcilerParts} from './write/reconciler.js';

export type RecoveryParts = Omit<ReconcilerParts, 'journal' | 'dirtyKeys' | 'retryMs' | 'onReconciled'> & {
	readonly settings: Settings;
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly namespaces: Namespaces;
	readonly pendingWrites: PendingWrites;
	readonly health: Health;
	/** False only in tests: see `SafetySwitches`. */
	readonly areDirtyKeysEnabled: boolean;
	readonly isLaneInUse: DataSetWatchParts['isInUse'];
	readonly fallBack: DataSetWatchParts['fallBack'];
};

/** Creates the parts that record changes that Redis has not confirmed or has lost, and reconcile them. */
export function createRecovery(parts: RecoveryParts) {
	const {settings, pool, clocks, parser, namespaces, pendingWrites, availability, health, recorder, fallBack} = parts;
	const dirtyKeys = new DirtyKeys({
		clocks,
		parser,
		journal: settings.journal,
		prefix: settings.prefix,
		deadlineMs: settings.deadlineMs,
		isOfLostNode: (redisKey) => availability.isConnected && availability.isLost?.(redisKey) === true,
		areMarkersApart: pool.topology === 'cluster',
		isEnabled: parts.areDirtyKeysEnabled,
		onDirty(finalAt) {
			if (availability.isConnected) reconciler.scheduleAt(finalAt);
		},
		onAdopted(kind, name) {
			if (kind === 'key') parts.hub.reconciled(name);
			else {
				parts.markers.changing(name);
				parts.hub.changed(name);
			}
		},
		onOverflow: () => fallBack('the journal overflowed'),
		onError: (error) => recorder.error('journal', error),
	});
	const {journal} = dirtyKeys;
	const unconfirmed = new UnconfirmedWrites(pendingWrites, dirtyKeys);
	const reconciler = new Reconciler({
		...parts,
		journal,
		dirtyKeys,
		retryMs: settings.probeMs,
		// Redis may lose a reconciliation in a rollback, like any other acknowledged change.
		onReconciled(kind, name) {
			if (kind === 'key') rollback.keyChanged(name);
			else rollback.markerChanged(name);
		},
	});
	const rollback = new RollbackDetector({
		pool,
		beatKey: `${settings.prefix}:!!beat:${randomUUID()}`,
		// The beat keys of a cache with short TTLs must not remain in Redis for long.
		beatLifeMs: Math.max(10_000, settings.ttl.cut(86_400_000)),
		limit: settings.journal.maxKeys,
		isInUse: (redisKey) => availability.isInUse(redisKey),
		onLostKey: (redisKey) => dirtyKeys.noteKey(redisKey, localNow()),
		onLostMarker: (markerKey) => dirtyKeys.noteLostMarker(markerKey, localNow()),
		onReplaced: (isIncluded) => dirtyKeys.dataReplaced(isIncluded),
		onLostUnknown() {
			for (const {generationKey} of namespaces) dirtyKeys.noteMarker(generationKey, localNow());
		},
		onDisabled: (error) => recorder.error('connect', rollbackDetectionOff(error)),
	});
	const watch = new DataSetWatch({pool, clocks, health, rollback, isInUse: parts.isLaneInUse, fallBack});
	return {dirtyKeys, journal, unconfirmed, reconciler, rollback, watch};
}
