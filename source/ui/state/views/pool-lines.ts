import type {EngineSnapshot} from '../../../engine/protocol.js';
import type {CheckoutSnapshot, LaneSnapshot, PoolSnapshot} from '../../../metrics/pool-snapshot.js';

/** A line that can be selected in the pool view. */
export type PoolLine =
	| {readonly kind: 'lane'; readonly lane: LaneSnapshot}
	| {readonly kind: 'checkout'; readonly checkout: CheckoutSnapshot}
	/** `since`: Unix time in milliseconds. */
	| {readonly kind: 'waiter'; readonly position: number; readonly purpose: string; readonly since: number};

/** Waiters that have a line; of further ones only the number is shown. */
const waiterLimit = 100;

/** Lines of the pool view: connections of the application behind the tap, else lanes and checkouts. */
export function poolLineCount(snapshot: EngineSnapshot | undefined): number {
	if (snapshot?.source === 'application') return snapshot.application?.live.connections.length ?? 0;
	return snapshot ? poolLines(snapshot.cache.pool).length : 0;
}

export function poolLines({lanes, checkouts}: PoolSnapshot): readonly PoolLine[] {
	return [
		...lanes.map((lane): PoolLine => ({kind: 'lane', lane})),
		...checkouts.connections.map((checkout): PoolLine => ({kind: 'checkout', checkout})),
		...checkouts.waiting
			.slice(0, waiterLimit)
			.map((waiter, index): PoolLine => ({kind: 'waiter', position: index + 1, ...waiter})),
	];
}
