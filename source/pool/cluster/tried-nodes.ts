import {clearTimeout, setTimeout} from '../../time/real-time.js';

export type TriedNodesOptions = {
	/** Milliseconds that the others have to connect, once one node is ready. */
	readonly patienceMs: number;
	/** Addresses of the nodes that there are. */
	readonly addresses: () => readonly string[];
	/** The patience is over: all nodes count as tried. */
	readonly onOver: () => void;
};

/**
 * Nodes of which a connection was opened, or could not be. One that keeps silent counts as well after a while, so that it does
 * not keep the others out of use for as long as connecting may take.
 */
export class TriedNodes {
	readonly #options: TriedNodesOptions;
	readonly #tried = new Set<string>();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: TriedNodesOptions) {
		this.#options = options;
	}

	get areAll(): boolean {
		return this.#options.addresses().every((address) => this.#tried.has(address));
	}

	add(address: string): void {
		this.#tried.add(address);
	}

	/** The node has left. */
	delete(address: string): void {
		this.#tried.delete(address);
	}

	/** One node is ready: the others have a while. */
	hurry(): void {
		if (this.#timer !== undefined || this.areAll) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			for (const address of this.#options.addresses()) this.#tried.add(address);
			this.#options.onOver();
		}, this.#options.patienceMs).unref();
	}

	close(): void {
		clearTimeout(this.#timer);
	}
}
