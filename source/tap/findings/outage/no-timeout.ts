import {formatDuration, formatElapsed} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import type {OpenConnection} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';

export const noTimeoutThresholds = {
	/** Milliseconds that a command waits. Clients that limit it wait 5 s at most by default. */
	waitMs: 6000,
} as const;

/** Milliseconds since the last check above which the tap itself was blocked, so that replies may be unread. */
const lateLookMs = 2000;

/** Commands whose duration depends on the data, or on an argument. */
const longOnPurpose = /^(?:DEBUG|MIGRATE|MONITOR|PSYNC|REPLCONF|SAVE|SCRIPT|SYNC)\b/;

/** Most connections that are remembered as counted. */
const maxConnections = 10_000;

/**
 * Connections on which a command has no reply, and that the application keeps open. A timeout that ends the call but
 * not the connection cannot be seen on the wire; the finding says so.
 */
export class NoTimeoutRule implements FindingRule {
	/** Connections that have waited too long, and are still open. */
	#waiting = new Set<number>();
	readonly #commands = new Map<string, number>();
	#count = 0;
	#longestMs = 0;
	#lookedAt: number | undefined;
	#firstAt: number | undefined;
	#lastAt = 0;

	onTick(now: number, connections: readonly OpenConnection[]): void {
		const isLate = this.#lookedAt !== undefined && now - this.#lookedAt > lateLookMs;
		this.#lookedAt = now;
		if (isLate) return;
		const waiting = new Set<number>();
		for (const {connection, oldest, isSubscriber} of connections) {
			if (oldest === undefined || oldest.isBlocking || isSubscriber || longOnPurpose.test(oldest.command)) continue;
			const waitedMs = now - oldest.sentAt;
			if (waitedMs < noTimeoutThresholds.waitMs) continue;
			if (waiting.size < maxConnections) waiting.add(connection);
			this.#longestMs = Math.max(this.#longestMs, waitedMs);
			this.#firstAt ??= oldest.sentAt;
			this.#lastAt = now;
			if (this.#waiting.has(connection)) continue;
			this.#count++;
			if (this.#commands.size < 16 || this.#commands.has(oldest.command))
				this.#commands.set(oldest.command, (this.#commands.get(oldest.command) ?? 0) + 1);
		}
		this.#waiting = waiting;
	}

	find(): Problem | undefined {
		if (this.#firstAt === undefined) return undefined;
		const commands = [...this.#commands].sort((left, right) => right[1] - left[1]).map(([command]) => command);
		return {
			level: 'serious',
			title: 'Commands wait without a limit',
			evidence: `${formatCountOf(this.#count, 'connection')} waited for a reply for ${formatDuration(noTimeoutThresholds.waitMs)} or more, up to ${formatElapsed(this.#longestMs)}, and ${this.#count === 1 ? 'was' : 'were'} not closed (${commands.slice(0, 3).join(', ')}). A limit in the application that ends its call, and leaves the connection open, cannot be seen here.`,
			why: 'When Redis or the network stops answering, each request waits as well, until the application runs out of threads, connections or memory, and stops answering, too.',
			advice:
				'Set a timeout for each command (commandTimeout in ioredis and node-redis, socket_timeout in redis-py, ReadTimeout in go-redis) of a fraction of the time for a request, and one for a silent connection (socketTimeout), so that a dead one is replaced.',
			keys: [],
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
