import type {PrivateRedis} from '../embedded/types.js';
import {isServerFault} from '../faults/catalogue.js';
import type {ActiveFault, Fault, PastFault} from '../faults/fault.js';
import {FaultRefusedError} from '../faults/fault-errors.js';
import {inTurn} from '../faults/in-turn.js';
import {notOurs, ServerFaults} from '../faults/server-faults.js';
import type {FaultProxy} from '../proxy/fault-proxy.js';
import type {EventsWriter} from './events-log.js';
import type {FaultEvents} from './fault-events.js';
import {oneLine} from './one-line.js';

const noProxy =
	'a cluster or a set of sentinels has no single address to put the proxy in front of: faults need a redis://, rediss:// or unix:// URL';

/** Each one costs every connection something, and nobody can tell more of them apart. */
const maxActive = 32;

/** Faults of the wire and of the server under one roof. */
export class FaultControl {
	readonly #proxy: FaultProxy | undefined;
	readonly #server: ServerFaults;
	readonly #isOurs: boolean;
	readonly #events: FaultEvents;

	constructor(proxy: FaultProxy | undefined, server: PrivateRedis | undefined, events: FaultEvents, log: EventsWriter) {
		this.#proxy = proxy;
		this.#isOurs = server !== undefined;
		this.#events = events;
		this.#server = new ServerFaults({
			server,
			onEvent: (event) => {
				if (event.type === 'added') events.added(event.fault);
				else if (event.type === 'lifted') events.lifted(event.fault);
				else if (event.type === 'failed')
					log.add({level: 'error', topic: 'fault', text: `${event.fault.label}: ${oneLine(event.error)}`});
			},
		});
	}

	/** In the order they were put in force. */
	active(): readonly ActiveFault[] {
		return [...(this.#proxy?.active() ?? []), ...this.#server.active()].sort((left, right) => left.id - right.id);
	}

	/** The latest of those that are over, oldest first. */
	past(): readonly PastFault[] {
		return this.#events.past;
	}

	/** Why a fault can never be done here; undefined where it can. */
	refusalOf(fault: Fault): string | undefined {
		if (isServerFault(fault)) return this.#isOurs ? undefined : notOurs(fault.kind);
		return this.#proxy === undefined ? noProxy : undefined;
	}

	/**
	 * Puts a fault in force; `forMs`: it lifts by itself after that.
	 *
	 * @throws {FaultRefusedError} it cannot be done to this server, or there are too many.
	 */
	async start(fault: Fault, forMs?: number): Promise<ActiveFault> {
		if (this.active().length >= maxActive)
			throw new FaultRefusedError(`${maxActive} faults are in force already: heal some first`);
		const options = forMs === undefined ? {} : {forMs};
		if (isServerFault(fault)) return this.#server.add(fault, options);
		if (this.#proxy) return this.#proxy.add(fault, options);
		throw new FaultRefusedError(noProxy);
	}

	/** Lifts these faults, or all. Returns how many were in force. */
	async lift(which?: readonly number[]): Promise<number> {
		const ids = this.active()
			.map(({id}) => id)
			.filter((id) => which === undefined || which.includes(id))
			.reverse();
		// The latest first: a dead server cannot be told to take its memory limit back.
		await inTurn(ids, async (each) => this.#proxy?.lift(each) || this.#server.lift(each));
		return ids.length;
	}

	onChange(listener: (active: readonly ActiveFault[]) => void): () => void {
		const tell = () => listener(this.active());
		const removers = [this.#proxy?.onChange(tell), this.#server.onChange(tell)];
		return () => {
			for (const remove of removers) remove?.();
		};
	}

	/** What is in force ends with its server or its proxy. */
	close(): void {
		for (const fault of this.active()) this.#events.lifted(fault);
		this.#server.close();
	}
}
