import type {EngineClient} from '../engine/protocol.js';
import type {CommandReply} from '../engine/specs/command-calls.js';
import {commands} from './commands/registry.js';
import type {Context, Effect, Message} from './state/command.js';
import {allViewports, type ScrollScope, type Viewport, type Viewports} from './state/scroll.js';
import {isTooSmall, type TerminalSize} from './state/terminal-size.js';
import type {UiState} from './state/ui-state.js';
import {panelsAt} from './state/views/plans/overview-plan.js';
import type {Store} from './store/store.js';
import {updateAll} from './update.js';

/** Operations on the terminal itself. */
type Host = {
	quit(): void;
	suspend(): void;
	redraw(): void;
	copy(text: string): void;
	/** Opens a text in the user's editor. Rejects if the text is to stay as it is, since the editor failed. */
	edit(text: string, suffix: string): Promise<string>;
};

const noHost: Host = {quit() {}, suspend() {}, redraw() {}, copy() {}, edit: (text) => Promise.resolve(text)};

/**
 * Holds the state of the screen, updates it with messages, and executes the resulting effects. Keystrokes never wait for an
 * effect.
 */
export class Controller {
	readonly #client: EngineClient;
	readonly #store: Store;
	readonly #listeners = new Set<() => void>();
	/** Before anything has been drawn, a page is one row. */
	#viewports: Viewports = allViewports({rows: 1, lines: 0});
	readonly #remember: (line: string) => void;
	#state: UiState;
	#host: Host = noHost;
	#size: TerminalSize = {columns: 80, rows: 24};

	/** @param remember Adds a line to the history on disk. */
	constructor(client: EngineClient, store: Store, initial: UiState, remember: (line: string) => void = () => {}) {
		this.#client = client;
		this.#store = store;
		this.#state = initial;
		this.#remember = remember;
	}

	readonly getState = (): UiState => this.#state;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/**
	 * Connects the terminal, once there is a screen.
	 *
	 * @returns a function that disconnects it.
	 */
	attach(host: Host): () => void {
		this.#host = host;
		return () => {
			this.#host = noHost;
		};
	}

	/** Records the size of a list or a text as drawn. It changes nothing on the screen; the next keystroke uses it. */
	setViewport(scope: ScrollScope, viewport: Viewport): void {
		this.#viewports = {...this.#viewports, [scope]: viewport};
	}

	resize(size: TerminalSize): void {
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
		const {snapshot, source, log, modes} = this.#store.getState();
		return {
			commands,
			snapshot,
			log,
			modes,
			isTooSmall: isTooSmall(this.#size),
			panels: panelsAt(source, this.#size),
			viewports: this.#viewports,
			now: Date.now(),
		};
	}

	#perform(effect: Effect): void {
		switch (effect.type) {
			case 'run': {
				const {call, take} = effect;
				const answer = (reply: CommandReply) => this.send({type: 'reply', answer: {call, reply}, take});
				this.#client.run(call).then(answer, (error: unknown) => answer(failure(error)));
				return;
			}
			case 'complete': {
				const {question} = effect;
				const answer = (items: readonly string[]) => this.send({type: 'completions', question, items});
				this.#client.complete(effect.name, effect.index, effect.prefix).then(answer, () => answer([]));
				return;
			}
			case 'remember':
				this.#remember(effect.line);
				return;
			case 'pause':
				this.#store.setPaused(effect.isPaused);
				return;
			case 'suspend':
				this.#host.suspend();
				return;
			case 'edit': {
				const {take, text, suffix} = effect;
				this.#host.edit(text, suffix).then(
					(edited) => this.send({type: 'edited', edited: {ok: true, text: edited}, take}),
					(error: unknown) => this.send({type: 'edited', edited: {ok: false, message: messageOf(error)}, take}),
				);
				return;
			}
			case 'copy':
				this.#host.copy(effect.text);
				return;
			case 'redraw':
				this.#host.redraw();
				return;
			case 'quit':
				this.#host.quit();
		}
	}
}

function failure(error: unknown): CommandReply {
	return {ok: false, code: 'ERR_ENGINE', message: messageOf(error)};
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
