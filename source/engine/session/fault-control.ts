import type {BreakableServer} from '../../faults/breakable-server.js';
import {describeFault, isServerFault} from '../../faults/catalogue.js';
import type {ActiveFault, Fault, PastFault} from '../../faults/fault.js';
import {FaultRefusedError} from '../../faults/fault-errors.js';
import {inTurn} from '../../faults/in-turn.js';
import {refusalBy} from '../../faults/server-fault-rules.js';
import {ServerFaults} from '../../faults/server-faults.js';
import type {FaultProxy} from '../../proxy/fault-proxy.js';
import type {EventsWriter} from '../log/events-log.js';
import type {FaultEvents} from '../log/fault-events.js';
import {oneLine} from '../one-line.js';
import type {NodeList} from '../target/nodes/node-list.js';

const noNodes =
	'is not possible here: this Redis is a single server; leave out the node, or start the program with --private cluster or --private sentinel';

/** Faults at the same time. Each one adds work for every chunk of every connection, and a row on the screen. */
const maxActive = 32;

type FaultControlOptions = {
	readonly proxy: FaultProxy;
	/** Undefined if this program did not start the server. */
	readonly server: BreakableServer | undefined;
	/** Undefined for a single server. */
	readonly nodes?: Pick<NodeList, 'addressOf' | 'numberOf'> | undefined;
	readonly events: FaultEvents;
	readonly log: EventsWriter;
};

/** All faults of a session: those of the connection, caused by the proxy, and those of the server's process. */
export class FaultControl {
	readonly #proxy: FaultProxy;
	readonly #server: ServerFaults;
	readonly #target: BreakableServer | undefined;
	readonly #nodes: FaultControlOptions['nodes'];
	readonly #events: FaultEvents;
	/** Errors of the latest failed faults, by id. */
	readonly #failures = new Map<number, Error>();
	readonly #startListeners = new Set<() => void>();
	readonly #changeListeners = new Set<(active: readonly ActiveFault[]) => void>();

	constructor({proxy, server, nodes, events, log}: FaultControlOptions) {
		this.#proxy = proxy;
		this.#nodes = nodes;
		this.#target = server;
		this.#events = events;
		this.#server = new ServerFaults({
			server,
			onEvent: (event) => {
				if (event.type !== 'failed') {
					events[event.type](event.fault);
					return;
				}
				log.add({level: 'error', topic: 'fault', text: `${event.fault.label}: ${oneLine(event.error)}`});
				this.#noteFailure(event.fault.id, event.error);
			},
		});
	}

	/** False if faults of the server itself are not possible, because this program did not start it. */
	get hasServer(): boolean {
		return this.#target !== undefined;
	}

	/** Active faults, in the order in which they were applied. */
	active(): readonly ActiveFault[] {
		return [...this.#proxy.active(), ...this.#server.active()].sort((left, right) => left.id - right.id);
	}

	/** The latest faults that are over, oldest first. */
	past(): readonly PastFault[] {
		return this.#events.past;
	}

	/**
	 * The error of a fault that failed after it was applied. Undefined if it did not fail, or if many others have failed since.
	 */
	failureOf(id: number): Error | undefined {
		return this.#failures.get(id);
	}

	/** The reason for which a fault is never possible here; undefined if it is. */
	refusalOf(fault: Fault): string | undefined {
		if (fault.node !== undefined && this.#nodes === undefined) return `${describeFault(fault)} ${noNodes}`;
		return isServerFault(fault) ? refusalBy(this.#target, fault.kind) : undefined;
	}

	/**
	 * Starts a fault.
	 *
	 * @param forMs Milliseconds after which it lifts by itself. Default: never.
	 * @throws {FaultRefusedError} The fault is not possible on this server, or too many faults are active.
	 */
	async start(fault: Fault, forMs?: number): Promise<ActiveFault> {
		if (this.active().length >= maxActive)
			throw new FaultRefusedError(`${maxActive} faults are active already: heal some first`);
		const refusal = this.refusalOf(fault);
		if (refusal !== undefined) throw new FaultRefusedError(refusal);
		const placed = await this.#place(fault);
		for (const listener of this.#startListeners) listener();
		try {
			return await this.#add(placed, forMs === undefined ? {} : {forMs});
		} catch (error) {
			for (const listener of this.#changeListeners) listener(this.active());
			throw error;
		}
	}

	/**
	 * Lifts these faults, or all, the latest first, since a killed server cannot restore its memory limit. Returns their
	 * number.
	 */
	async lift(which?: readonly number[]): Promise<number> {
		const ids = this.active()
			.map(({id}) => id)
			.filter((id) => which === undefined || which.includes(id))
			.reverse();
		await inTurn(ids, async (id) => this.#proxy.lift(id) || this.#server.lift(id));
		return ids.length;
	}

	/**
	 * Calls the listener before a fault begins, so that it can record the previous state. `onChange` follows, even if the fault
	 * fails. Returns a function that removes the listener.
	 */
	onStart(listener: () => void): () => void {
		this.#startListeners.add(listener);
		return () => this.#startListeners.delete(listener);
	}

	/** Calls the listener after every change of `active()`. Returns a function that removes the listener. */
	onChange(listener: (active: readonly ActiveFault[]) => void): () => void {
		const notify = () => listener(this.active());
		const removers = [this.#proxy.onChange(notify), this.#server.onChange(notify)];
		this.#changeListeners.add(listener);
		return () => {
			this.#changeListeners.delete(listener);
			for (const remove of removers) remove();
		};
	}

	/** Records the active faults as past: they end with their server or proxy. */
	close(): void {
		for (const fault of this.active()) this.#events.lifted(fault);
		this.#server.close();
	}

	#noteFailure(id: number, error: Error): void {
		const [oldest] = this.#failures.keys();
		if (this.#failures.size >= maxActive && oldest !== undefined) this.#failures.delete(oldest);
		this.#failures.set(id, error);
	}

	/** Replaces the node in a fault by its address, which does not change when nodes change roles. */
	async #place(fault: Fault): Promise<Fault> {
		if (fault.node === undefined || this.#nodes === undefined) return fault;
		const node = await this.#nodes.addressOf(fault.node);
		return {...fault, node, nodeNumber: this.#nodes.numberOf(node)};
	}

	async #add(fault: Fault, options: {readonly forMs?: number}): Promise<ActiveFault> {
		return isServerFault(fault) ? this.#server.add(fault, options) : this.#proxy.add(fault, options);
	}
}
