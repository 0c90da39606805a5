import type {AttachedSnapshot} from '../../source/engine/protocol.js';

/** A live process: a shop. */
export type ProcessStory = {
	/** Second at which it ends, or stops sending. Default: never. */
	readonly endsAt?: number;
	readonly silentAt?: number;
	/** True if its database is slow, so that loads are queued. Default: false. */
	readonly isSlow?: boolean;
	/** True if it has loaded nothing yet. Default: false. */
	readonly isNew?: boolean;
	/** True if it accepts commands. Default: false. */
	readonly commands?: boolean;
};

const slowKeys = ['report:daily', 'search:shoes', 'product:77', 'user:4711', 'product:12', 'cart:9:items', 'user:8'];

/** @param start Unix time in milliseconds at which the story begins. */
export function processAt(second: number, start: number, story: ProcessStory): AttachedSnapshot {
	const at = start + second * 1000;
	const {endsAt, silentAt, isSlow = false, isNew = false} = story;
	const isEnded = endsAt !== undefined && second >= endsAt;
	const isSilent = silentAt !== undefined && second >= silentAt;
	return {
		name: 'shop-api',
		pid: 4242,
		version: '1.0.0',
		node: '22.11.0',
		processStartedAt: start - 3_600_000,
		namespace: 'shop',
		commands: story.commands ?? false,
		state: isEnded ? 'ended' : isSilent ? 'silent' : 'live',
		since: start + (endsAt ?? silentAt ?? 0) * 1000,
		reason: isEnded ? 'the process has ended' : undefined,
		loads: {
			inFlight: isNew ? 0 : isSlow ? 26 : 2,
			running: isNew ? 0 : isSlow ? 8 : 2,
			waiting: isSlow ? 18 : 0,
			limit: 8,
			oldest: isNew
				? []
				: slowKeys
						.slice(0, isSlow ? 7 : 2)
						.map((key, index) => ({namespace: 'shop', key, ms: (isSlow ? 1900 : 38) - index * 17})),
			slowest: isNew
				? []
				: slowKeys.map((key, index) => ({
						namespace: index === 3 ? 'accounts' : 'shop',
						key,
						ms: (isSlow ? 2400 : 420) - index * 53,
						at: at - 4000 * (index + 1),
						outcome: index === 2 ? 'failed' : index === 5 ? 'absent' : 'loaded',
					})),
		},
	};
}
