import {ConnectionLostError, type RedisCacheError} from '../errors.js';
import type {Endpoint} from '../pool-options.js';
import type {ConnectionHandlers} from './connection.js';
import {describeFailure} from './describe-failure.js';
import {KnownMasters} from './known-masters.js';
import type {NodeConnection} from './node-connection.js';

/** The target of a new connection, once a sentinel has named it. */
type Destination = {address: string | undefined};

export type OpenNoting = (
	/** To be called with each address from a sentinel; the last is that of the master. */
	onAddress: (address: string) => void,
	handlers: ConnectionHandlers,
) => NodeConnection;

/** All that ioredis tells of a connection to a sentinel that ended before it was usable. */
const untold = 'Connection is closed.';

/** The connections of a pool to the master of a Sentinel set-up. Refuses those that a sentinel has misled. */
export class MasterConnections {
	readonly known: KnownMasters;
	/** Called after a connection to an old master was refused: the sentinels should be asked. */
	onMisled: () => void = () => {};
	readonly #open = new Set<Destination>();
	/** Why no sentinel could be watched, if none is. */
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

	/** The handlers of a connection that watches a sentinel, which learn why sentinels cannot be asked. */
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

	/** The reason with that of TLS or of the login, which ioredis does not tell of its own connections to sentinels. */
	#explained(reason: RedisCacheError): RedisCacheError {
		if (this.#failure === undefined || !reason.message.includes(untold)) return reason;
		const message = reason.message.replace(untold, () => this.#failure ?? untold);
		return new ConnectionLostError(message, {cause: reason});
	}
}
