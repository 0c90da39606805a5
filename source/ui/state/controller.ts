import type {CommandSpec} from '../../engine/command-spec.js';
import type {CommandReply, EngineClient} from '../../engine/protocol.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import type {Size} from '../layout.js';
import type {Store} from '../store.js';
import type {Context, Effect, Message} from './message.js';
import type {UiState} from './ui-state.js';
import {updateAll} from './update.js';

/** What only the terminal can do. */
export type Host = {
	quit(): void;
	suspend(): void;
	redraw(): void;
};

const noHost: Host = {quit() {}, suspend() {}, redraw() {}};

export type ControllerOptions = {
	readonly client: EngineClient;
	readonly store: Store;
	readonly commands: readonly CommandSpec[];
	readonly catalogue: readonly FaultInfo[];
	readonly initial: UiState;
};

/** Holds the state of the screen, feeds it messages, and carries out its effects. Nothing that a key does is awaited. */
export class Controller {
	readonly #options: ControllerOptions;
	readonly #listeners = new Set<() => void>();
	#state: UiState;
	#host: Host = noHost;
	#size: Size = {columns: 80, rows: 24};

	constructor(options: ControllerOptions) {
		this.#options = options;
		this.#state = options.initial;
	}

	readonly getState = (): UiState => this.#state;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** Connects what the terminal can do, once the screen is there. */
	attach(host: Host): () => void {
		this.#host = host;
		return () => {
			this.#host = noHost;
		};
	}

	resize(size: Size): void {
		this.#size = size;
	}

	send(...messages: readonly Message[]): void {
		const {state, effects} = updateAll(this.#state, messages, this.context());
		if (state !== this.#state) {
			this.#state = state;
			for (const listener of [...this.#listeners]) listener();
		}
		for (const effect of effects) this.#perform(effect);
	}

	context(): Context {
		const {commands, catalogue, store} = this.#options;
		const {snapshot, log, modes} = store.getState();
		return {commands, catalogue, snapshot, log, modes, size: this.#size, now: Date.now()};
	}

	#perform(effect: Effect): void {
		const {client, store} = this.#options;
		switch (effect.type) {
			case 'run': {
				const {purpose, call} = effect;
				const answer = (reply: CommandReply) => this.send({type: 'reply', purpose, call, reply});
				client
					.run(call)
					.then(answer, (error: unknown) =>
						answer({ok: false, code: 'ERR_ENGINE', message: error instanceof Error ? error.message : String(error)}),
					);
				return;
			}
			case 'complete': {
				const {question} = effect;
				const answer = (items: readonly string[]) => this.send({type: 'completions', question, items});
				client.complete(effect.name, effect.index, effect.prefix).then(answer, () => answer([]));
				return;
			}
			case 'pause':
				store.setPaused(effect.isPaused);
				return;
			case 'suspend':
				this.#host.suspend();
				return;
			case 'redraw':
				this.#host.redraw();
				return;
			case 'quit':
				this.#host.quit();
		}
	}
}
