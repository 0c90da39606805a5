import type {Pool} from '../pool/types.js';
import type {ServerClocks} from './clock/server-clocks.js';
import type {Recorder} from './observe/recorder.js';
import type {Settings} from './options/settings.js';
import type {DataSetWatch} from './outage/data-set-watch.js';
import {FailureDomains} from './outage/domains/failure-domains.js';
import type {Health} from './outage/health/health.js';
import {ModeController} from './outage/mode-controller.js';
import type {Restrictions} from './outage/restrictions.js';
import {createDomainReactions, createReactions, type TransitionParts} from './transitions.js';

export type ModesParts = Omit<TransitionParts, 'domains'> & {
	readonly settings: Settings;
	readonly clocks: ServerClocks;
	readonly health: Health;
	readonly restrictions: Restrictions;
	/** The result of `leastRights`. */
	readonly aclLine: string;
	readonly watch: DataSetWatch;
	/** True while the application makes no calls. */
	readonly isIdle: () => boolean;
};

/** Creates the parts that decide if Redis, and each node of a cluster, is in use. Starts connecting. */
export function createModes(parts: ModesParts): {readonly domains: FailureDomains; readonly modes: ModeController} {
	const {settings, pool, clocks, availability, health, restrictions, aclLine, watch, isIdle, recorder, deadlineMs} =
		parts;
	const {prefix, probeMs, heartbeatMs} = settings;
	const transitionParts = {...parts, domains: () => domains};
	const domains = new FailureDomains({
		pool,
		clocks,
		availability,
		mayRead: (lane) => watch.mayRead(lane),
		limits: settings.breaker,
		deadlineMs,
		probeMs,
		prefix,
		reactions: createDomainReactions(transitionParts, (reason, isSilent) => modes.fallBack(reason, isSilent)),
	});
	const modes: ModeController = new ModeController({
		pool,
		clocks,
		availability,
		health,
		domains,
		watch,
		probeMs,
		heartbeatMs,
		isIdle,
		deadlineMs,
		aclLine,
		onRights({writes}) {
			if (writes !== undefined) recorder.error('connect', writes);
			restrictions.checked('reads', undefined);
			restrictions.checked('writes', writes);
		},
		reactions: createReactions(transitionParts),
	});
	followServer(parts);
	followPool(pool, recorder);
	return {domains, modes};
}

/** Reacts to changes of the server that the subscriber notices. */
function followServer({tracking, hub, watch, rollback}: ModesParts): void {
	tracking.start({
		onGap: () => hub.gap(),
		onInvalidate: (redisKey) => hub.announced(redisKey),
		onInvalidateAll(node) {
			hub.gap();
			watch.dataSetReplaced(node);
		},
		isSameDataSet: (dataSet, node) => rollback.isSameDataSet(dataSet, node),
		onOtherServer: (node) => void watch.follow(node),
	});
}

function followPool(pool: Pool, recorder: Recorder): void {
	pool.onCredentialsFailure((error) => recorder.error('connect', error));
	pool.onLane((event) => {
		if (event.type === 'closed') return;
		const reason = event.type === 'ready' ? 'connected' : event.reason;
		recorder.events.emit('pool', {lane: event.lane.id, type: event.type, reason});
	});
}
