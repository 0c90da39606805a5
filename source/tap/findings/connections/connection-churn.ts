import {formatDuration, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import type {CommandEvent, ConnectionEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';

export const connectionChurnThresholds = {
	/** Commands, including the handshake, up to which a connection counts as opened for one request. */
	commands: 20,
	/** Milliseconds that such a connection lasts at most. */
	lifetimeMs: 5000,
	/** Short connections in a window of `windowMs`. A pool that grows and shrinks opens some, not two a second for so long. */
	connections: 20,
	windowMs: 10_000,
	/** Short connections in a window from which on they are a load for the server as well. */
	warningConnections: 200,
} as const;

/** Most connections that are remembered as having used a key. */
const maxConnections = 10_000;

/**
 * Connections that the application opens for a few commands and closes. Excludes those that never used a key (health
 * checks, monitoring) and those that the application did not close itself, as in an outage.
 */
export class ConnectionChurnRule implements FindingRule {
	readonly #users = new Set<number>();
	/** The connection that used a key last. */
	#lastUser = 0;
	/** Connections that have sent QUIT: the server closes them on request of the application. */
	readonly #quitters = new Set<number>();
	#windowFrom = 0;
	#inWindow = 0;
	#most = 0;
	#count = 0;
	#commands = 0;
	#lifetimeMs = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	onCommand({keyCount, connection, command}: CommandEvent): void {
		if (keyCount > 0 && connection !== this.#lastUser && this.#users.size < maxConnections) {
			this.#users.add(connection);
			this.#lastUser = connection;
		}
		if (command === 'QUIT' && this.#quitters.size < maxConnections) this.#quitters.add(connection);
	}

	onConnection(event: ConnectionEvent): void {
		if (event.type !== 'closed') return;
		const usedKeys = this.#users.delete(event.connection);
		const endedItself = this.#quitters.delete(event.connection) || event.by === 'application';
		const {commands, lifetimeMs, windowMs} = connectionChurnThresholds;
		const livedMs = event.at - event.openedAt;
		if (!usedKeys || !endedItself || event.lost > 0) return;
		if (event.commands > commands || livedMs > lifetimeMs) return;
		if (this.#inWindow === 0 || event.at - this.#windowFrom > windowMs) {
			this.#windowFrom = event.at;
			this.#inWindow = 0;
		}
		this.#inWindow++;
		this.#most = Math.max(this.#most, this.#inWindow);
		this.#count++;
		this.#commands += event.commands;
		this.#lifetimeMs += livedMs;
		this.#firstAt ??= event.at;
		this.#lastAt = event.at;
	}

	find(): Problem | undefined {
		const {connections, windowMs, warningConnections} = connectionChurnThresholds;
		if (this.#firstAt === undefined || this.#most < connections) return undefined;
		return {
			level: this.#most >= warningConnections ? 'warning' : 'info',
			title: 'A connection is opened for each request',
			evidence: `${formatCountOf(this.#count, 'connection')} ${this.#count === 1 ? 'was' : 'were'} closed after ${formatCount(this.#commands / this.#count)} commands and ${formatLatency(this.#lifetimeMs / this.#count)} on average, up to ${formatCount(this.#most)} within ${formatDuration(windowMs)}.`,
			why: 'Each costs several round trips (TCP, TLS, AUTH, HELLO) before its first command, and ports and memory on both sides. Under load the server runs out of connections.',
			advice:
				'Open one connection or a pool when the process starts and use it for all requests: one client object for the whole program, persistent connections (pconnect) in PHP.',
			keys: [],
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
