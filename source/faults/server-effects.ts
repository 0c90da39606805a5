import type {BreakableServer, Undo} from './breakable-server.js';
import type {ServerFault} from './fault.js';
import {fillMemory} from './memory-limit.js';
import {setClock} from './server-clock.js';

/** The effect of a fault on a server. */
export type ServerEffect = {
	/** Resolves when it is done; rejects if that fails. */
	readonly done: Promise<unknown>;
	/** True if the effect ends then. Otherwise it lasts until it is undone. */
	readonly isPassing: boolean;
	readonly undo: Undo;
};

/** Applies and undoes the faults of servers. */
export class ServerEffects {
	/** Restores the memory limits of paused servers, which accept no commands before they are resumed. */
	readonly #onResume = new Map<BreakableServer, Undo>();

	/**
	 * Resolves when the fault is active, or has begun. Rejects if it is not possible.
	 *
	 * @param isPaused Returns true if the server is paused at that time.
	 */
	async begin(server: BreakableServer, fault: ServerFault, isPaused: () => boolean): Promise<ServerEffect> {
		const {together} = server;
		const {kind} = fault;
		switch (kind) {
			case 'kill':
				await server.kill();
				return lasting(() => server.restart());
			case 'pause':
				return this.#pause(server);
			case 'memory-full':
				return this.#fillMemory(server, isPaused);
			case 'clock':
				await setClock(server, fault.offsetMs);
				return lasting(() => server.setClock(0));
			case 'restart':
				return passing(server.restart());
			case 'failover':
				return passing((async () => together?.failover())());
			case 'lag':
			case 'split':
			case 'reshard': {
				const done = (async () => together?.[kind]?.())();
				return {
					done,
					isPassing: false,
					async undo() {
						const undo = await done.catch(() => undefined);
						await undo?.();
					},
				};
			}
		}
	}

	#pause(server: BreakableServer): ServerEffect {
		if (server.pid === undefined) throw new Error('it is not running');
		server.pause();
		return lasting(async () => {
			server.resume();
			const restoreMemory = this.#onResume.get(server);
			this.#onResume.delete(server);
			await restoreMemory?.();
		});
	}

	async #fillMemory(server: BreakableServer, isPaused: () => boolean): Promise<ServerEffect> {
		const {pid} = server;
		const limit = await fillMemory(server);
		const restore = (): Promise<void> =>
			limit.restore().catch((error: Error) => {
				// A server that was restarted or killed meanwhile has no lowered limit any more.
				if (server.pid === pid) throw error;
			});
		return lasting(async () => {
			if (isPaused()) this.#onResume.set(server, restore);
			else await restore();
		});
	}
}

function lasting(undo: Undo): ServerEffect {
	return {done: Promise.resolve(), isPassing: false, undo};
}

function passing(done: Promise<void>): ServerEffect {
	return {done, isPassing: true, undo: async () => {}};
}
