import {EventEmitter} from 'node:events';
import {type Instance, render} from 'ink';
import {commandSpecs} from '../../source/engine/command-specs.js';
import {faultCatalogue} from '../../source/faults/catalogue.js';
import {App} from '../../source/ui/app.js';
import type {GlyphsName} from '../../source/ui/glyphs.js';
import type {Size} from '../../source/ui/layout.js';
import {Controller} from '../../source/ui/state/controller.js';
import {initialState} from '../../source/ui/state/ui-state.js';
import {Store} from '../../source/ui/store.js';
import type {ThemeName} from '../../source/ui/theme.js';
import type {FakeEngine} from './fake-engine.js';

/** Like the output of ink-testing-library, but of any size, and it can be resized. */
class TestOutput extends EventEmitter {
	isTTY = true;
	frame = '';
	frames = 0;
	constructor(
		public columns: number,
		public rows: number,
	) {
		super();
	}

	write = (frame: string): boolean => {
		this.frame = frame;
		this.frames++;
		return true;
	};
}

class TestInput extends EventEmitter {
	isTTY = true;
	#data: string | null = null;
	setEncoding(): void {}
	setRawMode(): void {}
	ref(): void {}
	unref(): void {}
	resume(): void {}
	pause(): void {}
	read = (): string | null => {
		const data = this.#data;
		this.#data = null;
		return data;
	};

	type(data: string): void {
		this.#data = data;
		this.emit('readable');
	}
}

export type RenderedApp = {
	/** The screen with escape sequences for colors. */
	readonly ansi: () => string;
	/** The screen as plain text. */
	readonly screen: () => string;
	readonly frames: () => number;
	/** Sends a text as one chunk. */
	readonly type: (data: string) => void;
	readonly resize: (size: Size) => void;
	readonly controller: Controller;
	readonly store: Store;
	readonly instance: Instance;
	readonly close: () => void;
};

export type RenderOptions = {
	readonly size?: Size;
	readonly theme?: ThemeName;
	readonly glyphs?: GlyphsName;
	readonly noColor?: boolean;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR starts with ESC.
const sgr = /\u001B\[[\d;]*m/g;

/** Renders the app on a screen of any size, with a fake engine. */
export function renderApp(engine: FakeEngine, options: RenderOptions = {}): RenderedApp {
	const size = options.size ?? {columns: 120, rows: 40};
	const stdout = new TestOutput(size.columns, size.rows);
	const stdin = new TestInput();
	const store = new Store(engine);
	const controller = new Controller({
		client: engine,
		store,
		commands: commandSpecs,
		catalogue: faultCatalogue,
		initial: initialState(options.theme ?? 'default', options.glyphs ?? 'unicode'),
	});
	const instance = render(<App store={store} controller={controller} noColor={options.noColor ?? false} />, {
		// These have only the parts of a stream that Ink uses.
		stdout: stdout as unknown as NodeJS.WriteStream,
		stdin: stdin as unknown as NodeJS.ReadStream,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
	return {
		ansi: () => stdout.frame,
		screen: () => stdout.frame.replaceAll(sgr, ''),
		frames: () => stdout.frames,
		type: (data) => stdin.type(data),
		resize(next) {
			stdout.columns = next.columns;
			stdout.rows = next.rows;
			stdout.emit('resize');
		},
		controller,
		store,
		instance,
		close() {
			instance.unmount();
			store.close();
		},
	};
}
