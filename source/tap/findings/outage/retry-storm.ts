import {formatCount, formatCountOf} from '../../../text/number.js';
import type {CommandEvent, ConnectionEvent, OpenConnection} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {ErrorRetries} from './error-retries.js';

export const retryStormThresholds = {
	/**
	 * Failed attempts to connect in a second, for each connection that worked before. Usual clients make two a second (50,
	 * 100, 150 ms and so on up to 2 s), and five in the first one.
	 */
	attemptsPerConnection: 5,
	/** Failed attempts in a second, however few connections there were. */
	attempts: 10,
	/** Number of such seconds in a row: the first second of an outage is not a storm. */
	seconds: 3,
	/** Times that a command was sent again at once after an error of a server that is not ready. */
	retries: 50,
} as const;

/** Milliseconds that a connection without an answer may last and still count as a failed attempt. */
const maxAttemptMs = 5000;

/** Seconds for which the number of connections that worked is remembered. */
const rememberedSeconds = 60;

/** Retries without a pause in an outage: of connecting, or of a command. */
export class RetryStormRule implements FindingRule {
	readonly #retries = new ErrorRetries();
	#attempts = 0;
	#tickedAt: number | undefined;
	#working = 0;
	#workingFor = 0;
	#secondsInRow = 0;
	#pending = 0;
	#storms = 0;
	#inStorms = 0;
	#most = 0;
	#mostWorking = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	onCommand(event: CommandEvent): void {
		if (!this.#retries.isRetry(event)) return;
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	onConnection(event: ConnectionEvent): void {
		if (event.type !== 'closed') return;
		this.#retries.forget(event.connection);
		if (event.commands > event.lost || event.at - event.openedAt > maxAttemptMs) return;
		// Health checks of load balancers open and close connections without sending anything.
		if (event.commands === 0 && event.by === 'application' && !event.isReset) return;
		this.#attempts++;
	}

	onTick(now: number, connections: readonly OpenConnection[]): void {
		this.#remember(connections);
		const {attemptsPerConnection, attempts, seconds} = retryStormThresholds;
		// A late tick counts for several seconds.
		const elapsed = Math.max(1, Math.round((now - (this.#tickedAt ?? now)) / 1000));
		const failed = Math.round(this.#attempts / elapsed);
		this.#tickedAt = now;
		this.#attempts = 0;
		if (failed < Math.max(attempts, attemptsPerConnection * this.#working)) {
			this.#secondsInRow = 0;
			this.#pending = 0;
			return;
		}
		this.#secondsInRow++;
		this.#pending += failed * elapsed;
		if (this.#secondsInRow < seconds) return;
		if (this.#secondsInRow === seconds) this.#storms++;
		this.#inStorms += this.#pending;
		this.#pending = 0;
		if (failed > this.#most) {
			this.#most = failed;
			this.#mostWorking = this.#working;
		}
		this.#firstAt ??= now;
		this.#lastAt = now;
	}

	find(): Problem | undefined {
		const hasRetries = this.#retries.count >= retryStormThresholds.retries;
		if (this.#firstAt === undefined || (this.#storms === 0 && !hasRetries)) return undefined;
		const evidence: string[] = [];
		if (this.#storms > 0)
			evidence.push(
				`${formatCountOf(this.#inStorms, 'attempt')} to connect failed, up to ${formatCount(this.#most)} a second, where ${formatCountOf(this.#mostWorking, 'connection')} had worked before.`,
			);
		if (hasRetries)
			evidence.push(
				`${formatCountOf(this.#retries.count, 'time', 'times')}, a command was sent again within ${ErrorRetries.pauseMs} ms of an error (${this.#retries.errors().join(', ')}).`,
			);
		return {
			level: 'serious',
			title: 'The application retries without a pause in an outage',
			evidence: evidence.join(' '),
			why: 'All attempts reach a recovering server at once, and may take it down again. Until then they use up the processors and ports of the application.',
			advice:
				'Wait before each attempt, twice as long as before the last one, up to a second or two, with a random part (exponential back-off with jitter). Retry a command once at most, and open a circuit breaker while Redis is away.',
			keys: [],
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}

	/** Records the largest recent number of connections with an answer. */
	#remember(connections: readonly OpenConnection[]): void {
		let working = 0;
		for (const {commands, waiting} of connections) if (commands > waiting) working++;
		this.#workingFor++;
		if (working >= this.#working || this.#workingFor > rememberedSeconds) {
			this.#working = working;
			this.#workingFor = 0;
		}
	}
}
