import {clearTimeout, setTimeout} from '../../time/real-time.js';

export type TriedNodesOptions = {
	/** Milliseconds that the other nodes have to connect once one is ready. */
	readonly connectGraceMs: number;
	/** Addresses of all nodes. */
	readonly addresses: () => readonly string[];
	/** Called after `connectGraceMs`: from then on all nodes count as tried. */
	readonly onOver: () => void;
};

/**
 * The nodes to which an attempt to connect has succeeded or failed. After `connectGraceMs`, an attempt that is still under way
 * counts, too, so that a node that does not answer delays the use of the others only for that long.
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

	/** One node is ready: starts the time limit for the others. */
	startTimeLimit(): void {
		if (this.#timer !== undefined || this.areAll) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			for (const address of this.#options.addresses()) this.#tried.add(address);
			this.#options.onOver();
		}, this.#options.connectGraceMs).unref();
	}

	close(): void {
		clearTimeout(this.#timer);
	}
}
