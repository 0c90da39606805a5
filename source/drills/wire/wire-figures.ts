import type {ActiveWireFault} from '../../proxy/types.js';
import type {TappedLinks} from '../../tap/tapped-links.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from '../../tap/traffic.js';
import {Reconnects} from './reconnects.js';
import {SentAgain} from './sent-again.js';
import {isSetup} from './setup-commands.js';
import {SlowCommands} from './slow-commands.js';
import type {SlowCommand, WireReport} from './wire-report.js';

/** Limit of error codes that are counted separately. */
const maxCodes = 50;
const otherCodes = 'others';

/** The connections of an application, to be observed. */
export type Links = Pick<TappedLinks, 'observe' | 'openConnections' | 'unreadable'>;

/** Observes an application's connections before, during and after an outage. Times are those of `performance.now()`. */
export class WireFigures implements TrafficObserver {
	readonly #links: Links;
	readonly #reconnects = new Reconnects();
	readonly #sentAgain = new SentAgain();
	readonly #slow = new SlowCommands();
	readonly #errors = new Map<string, number>();
	#startedAt = 0;
	/** Open at the beginning. */
	#had = 0;
	#open = 0;
	#opened = 0;
	/** Undefined until the first fault begins. */
	#before: number | undefined;
	#firstFaultAt: number | undefined;
	#fewest = 0;
	#most = 0;
	#isFaultActive = false;
	#commands = 0;
	#lost = 0;
	#longestMs: number | undefined;
	/** Times at which the last fault was lifted, and at which a command was answered after that. */
	#liftedAt: number | undefined;
	#answeredAt: number | undefined;
	#stop: () => void = () => {};

	constructor(links: Links) {
		this.#links = links;
	}

	/** Starts observing, including connections that are already open. */
	begin(): void {
		this.#startedAt = performance.now();
		this.#open = this.#links.openConnections().length;
		this.#had = this.#open;
		this.#stop = this.#links.observe(this);
	}

	end(): void {
		this.#stop();
	}

	/** Call it before a fault is applied, and after the last one has been lifted. */
	setFaultActive(isActive: boolean): void {
		if (isActive && !this.#isFaultActive) {
			if (this.#before === undefined) {
				this.#before = this.#open;
				this.#firstFaultAt = performance.now();
				this.#fewest = this.#open;
			}
			this.#noteOpen(true);
		}
		const now = performance.now();
		this.#isFaultActive = isActive;
		this.#liftedAt = isActive ? undefined : now;
		this.#answeredAt = undefined;
	}

	onFaults(now: number, active: readonly ActiveWireFault[]): void {
		this.#reconnects.setPortClosed(
			active.some(({fault}) => fault.kind === 'refuse'),
			now,
		);
	}

	onConnection(event: ConnectionEvent): void {
		const {type, connection, at} = event;
		if (type === 'opened') {
			this.#open++;
			this.#opened++;
			this.#reconnects.opened(connection, at);
			this.#sentAgain.opened(connection, at);
		} else if (type === 'closed') {
			this.#open--;
			this.#sentAgain.closed(connection);
			if (this.#firstFaultAt !== undefined) this.#reconnects.closed(event, event.openedAt < this.#firstFaultAt);
		}
		this.#noteOpen(this.#isFaultActive);
	}

	onCommand(event: CommandEvent): void {
		if (isSetup(event.command)) return;
		const now = event.repliedAt ?? performance.now();
		this.#commands++;
		this.#sentAgain.follow(event, now);
		if (event.result === 'lost') this.#lost++;
		if (event.error !== undefined) this.#countError(event.error);
		if (event.result === 'ok' && this.#liftedAt !== undefined && now >= this.#liftedAt) this.#answeredAt ??= now;
		if (event.isBlocking || (event.repliedAt === undefined && event.result !== 'lost')) return;
		const ms = now - event.sentAt;
		this.#longestMs = Math.max(this.#longestMs ?? 0, ms);
		this.#slow.add({
			command: event.command,
			connection: event.clientName,
			ms,
			atMs: event.sentAt - this.#startedAt,
			end: event.result === 'lost' || event.result === 'error' ? event.result : 'answered',
		});
	}

	/** Undefined if the application has never had a connection. */
	report(): WireReport | undefined {
		if (this.#had === 0 && this.#opened === 0) return undefined;
		const now = performance.now();
		const waiting = this.#waiting(now);
		const longest = waiting.reduce((most, {ms}) => Math.max(most, ms), this.#longestMs ?? -1);
		return {
			connections: {
				before: this.#before ?? this.#open,
				during: this.#before === undefined ? null : {fewest: this.#fewest, most: this.#most},
				after: this.#open,
				opened: this.#opened,
				broken: this.#reconnects.brokenCount,
				unreadable: this.#links.unreadable,
			},
			reconnects: this.#reconnects.report(now),
			notReturned: this.#notReturned(),
			commands: this.#commands,
			lostCommands: this.#lost,
			sentAgain: this.#sentAgain.report(),
			errors: Object.fromEntries([...this.#errors].sort(([, one], [, other]) => other - one)),
			longestWaitMs: longest < 0 ? null : Math.round(longest * 10) / 10,
			slowest: this.#slow.list(waiting),
			recoveryMs:
				this.#liftedAt === undefined || this.#answeredAt === undefined
					? null
					: Math.round(this.#answeredAt - this.#liftedAt),
		};
	}

	/** A connection may be replaced before it ends: none is missing while as many are open as before. */
	#notReturned(): number {
		return Math.max(0, Math.min(this.#reconnects.missing, (this.#before ?? 0) - this.#open));
	}

	#noteOpen(isFaultActive: boolean): void {
		if (!isFaultActive) return;
		this.#fewest = Math.min(this.#fewest, this.#open);
		this.#most = Math.max(this.#most, this.#open);
	}

	#waiting(now: number): readonly SlowCommand[] {
		return this.#links.openConnections().flatMap(({oldest, isSubscriber, clientName}: OpenConnection) => {
			if (oldest === undefined || oldest.isBlocking || isSubscriber || isSetup(oldest.command)) return [];
			const {command, sentAt} = oldest;
			const [ms, atMs] = [now - sentAt, sentAt - this.#startedAt];
			return [{command, connection: clientName, ms, atMs, end: 'waiting' as const}];
		});
	}

	#countError(code: string): void {
		const name = this.#errors.has(code) || this.#errors.size < maxCodes ? code : otherCodes;
		this.#errors.set(name, (this.#errors.get(name) ?? 0) + 1);
	}
}
