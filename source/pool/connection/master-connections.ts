import {ConnectionLostError, type RedisCacheError} from '../errors.js';
import type {Endpoint} from '../pool-options.js';
import type {ConnectionHandlers} from './connection.js';
import {describeFailure} from './describe-failure.js';
import {KnownMasters} from './known-masters.js';
import type {NodeConnection} from './node-connection.js';

/** The target of a new connection, once a sentinel has named it. */
type Destination = {address: string | undefined};

export type OpenNoting = (
	/** To be called with each address that a sentinel gives; the last one is the master's. */
	onAddress: (address: string) => void,
	handlers: ConnectionHandlers,
) => NodeConnection;

/** The only reason that ioredis gives for a connection to a sentinel that was closed before it was usable. */
const genericReason = 'Connection is closed.';

/**
 * The connections of a pool to the master of a Sentinel set-up. Refuses a connection to an address that an outdated sentinel
 * has named.
 */
export class MasterConnections {
	readonly known: KnownMasters;
	/** Called after a connection to an old master was refused: the sentinels should be asked. */
	onMisled: () => void = () => {};
	readonly #open = new Set<Destination>();
	/** The reason why no sentinel could be watched; undefined while one is. */
	#failure: string | undefined;

	constructor(sentinels: readonly Endpoint[]) {
		this.known = new KnownMasters(sentinels);
	}

	/** True if a connection leads to a server that is no longer the master. */
	get leadElsewhere(): boolean {
		return [...this.#open].some(({address}) => !this.known.isMaster(address));
	}

	open(openNode: OpenNoting, handlers: ConnectionHandlers): NodeConnection {
		const destination: Destination = {address: undefined};
		const connection: NodeConnection = openNode(
			(address) => {
				destination.address = address;
			},
			{
				onReady: () => {
					if (this.known.isMaster(destination.address)) {
						this.#open.add(destination);
						connection.master = destination.address;
						handlers.onReady();
						return;
					}
					connection.destroy('a sentinel that does not know of the last failover has named the old master');
					this.onMisled();
				},
				onDown: (reason) => {
					this.#open.delete(destination);
					handlers.onDown(this.#explained(reason));
				},
			},
		);
		return connection;
	}

	/** Handlers for a connection that watches a sentinel. They record the reason if it fails. */
	watching({onReady, onDown}: ConnectionHandlers): ConnectionHandlers {
		return {
			onReady: () => {
				this.#failure = undefined;
				onReady();
			},
			onDown: (reason) => {
				this.#failure = reason.cause instanceof Error ? describeFailure(reason.cause, 'opening') : reason.message;
				onDown(reason);
			},
		};
	}

	/**
	 * Adds the TLS or login error from the watching connections: ioredis does not report those of its own connections to
	 * sentinels.
	 */
	#explained(reason: RedisCacheError): RedisCacheError {
		if (this.#failure === undefined || !reason.message.includes(genericReason)) return reason;
		const message = reason.message.replace(genericReason, () => this.#failure ?? genericReason);
		return new ConnectionLostError(message, {cause: reason});
	}
}
