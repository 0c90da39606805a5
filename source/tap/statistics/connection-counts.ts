import type {ClientCount, TrafficSnapshot} from '../snapshot.js';
import type {CommandEvent, ConnectionEvent, OpenConnection} from '../traffic.js';

/**
 * Limit of client names that are counted separately. Connections with further names count as connections without a
 * name.
 */
const maxClients = 200;

type Counts = {connections: number; commands: number};

/** Counts connections, and the commands of each client by its name. */
export class ConnectionCounts {
	#open = 0;
	#opened = 0;
	#peak = 0;
	#unreadable = 0;
	#refusedLogins = 0;
	#reset = 0;
	#deepest = 0;
	readonly #commands = new Map<string, {commands: number}>();
	/** The client that sent the last command. */
	#lastName: string | undefined;
	#last = {commands: 0};

	countCommand({clientName, depth}: CommandEvent): void {
		if (depth > this.#deepest) this.#deepest = depth;
		if (clientName !== this.#lastName) {
			this.#lastName = clientName;
			this.#last = this.#countsOf(clientName);
		}
		this.#last.commands++;
	}

	follow(event: ConnectionEvent): void {
		switch (event.type) {
			case 'opened':
				this.#opened++;
				this.#open++;
				this.#peak = Math.max(this.#peak, this.#open);
				return;
			case 'closed':
				this.#open--;
				if (event.isReset) this.#reset++;
				return;
			case 'auth failed':
				this.#refusedLogins++;
				return;
			case 'unreadable':
				this.#unreadable++;
				return;
			case 'named':
		}
	}

	/** @param open The connections that are open now. */
	snapshot(now: number, open: readonly OpenConnection[]): TrafficSnapshot['connections'] {
		const waiting = open.flatMap(({oldest, waiting: commands}) =>
			oldest === undefined || oldest.isBlocking ? [] : [{commands, waitMs: now - oldest.sentAt}],
		);
		return {
			open: this.#open,
			opened: this.#opened,
			peak: this.#peak,
			busy: open.filter((connection) => connection.waiting > 0).length,
			waiting: waiting.length,
			waitingCommands: waiting.reduce((sum, {commands}) => sum + commands, 0),
			unreadable: this.#unreadable,
			refusedLogins: this.#refusedLogins,
			reset: this.#reset,
			// Commands are counted once they are over; those of an outage wait as long as it lasts.
			deepestPipeline: open.reduce((deepest, connection) => Math.max(deepest, connection.deepest), this.#deepest),
			longestWaitMs: waiting.reduce((longest, {waitMs}) => Math.max(longest, waitMs), 0),
			clients: this.#clients(open),
		};
	}

	#countsOf(clientName: string): {commands: number} {
		const name = this.#commands.has(clientName) || this.#commands.size < maxClients ? clientName : '';
		const known = this.#commands.get(name);
		if (known !== undefined) return known;
		const counts = {commands: 0};
		this.#commands.set(name, counts);
		return counts;
	}

	#clients(open: readonly OpenConnection[]): readonly ClientCount[] {
		const clients = new Map<string, Counts>();
		for (const [name, {commands}] of this.#commands) clients.set(name, {connections: 0, commands});
		for (const {clientName} of open) {
			const name = clients.has(clientName) ? clientName : '';
			const counts = clients.get(name) ?? {connections: 0, commands: 0};
			counts.connections++;
			clients.set(name, counts);
		}
		return [...clients]
			.map(([name, counts]) => ({name, ...counts}))
			.sort((one, other) => other.commands - one.commands);
	}
}
