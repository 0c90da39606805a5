import {EventEmitter} from 'node:events';
import chalk from 'chalk';
import {type Instance, render} from 'ink';
import type {ReactNode} from 'react';
import type {GlyphSet} from '../../source/text/glyph-set.js';
import {App} from '../../source/ui/app.js';
import {ScreenProvider} from '../../source/ui/components/screen-provider.js';
import {Controller} from '../../source/ui/controller.js';
import type {TerminalSize} from '../../source/ui/state/terminal-size.js';
import {initialState} from '../../source/ui/state/ui-state.js';
import {Store} from '../../source/ui/store/store.js';
import type {ThemeName} from '../../source/ui/theme.js';
import type {FakeEngine} from './fake-engine.js';

// As in `runDashboard`, the theme decides if there are colors.
chalk.level = 1;

/** Beginning of the escape sequence that copies a text, in Base64, to the clipboard. */
const clipboard = '\u001B]52;c;';

/** Like the output of ink-testing-library, but with any size, and resizable. */
class TestOutput extends EventEmitter {
	isTTY = true;
	frame = '';
	frames = 0;
	readonly copied: string[] = [];
	constructor(
		public columns: number,
		public rows: number,
	) {
		super();
	}

	write = (written: string, onWritten?: () => void): boolean => {
		onWritten?.();
		if (written.startsWith(clipboard)) {
			this.copied.push(Buffer.from(written.slice(clipboard.length, -1), 'base64').toString());
			return true;
		}
		// Ink writes sequences that set terminal modes separately from frames.
		if (written !== '' && !written.startsWith('\u001B[?')) {
			this.frame = written;
			this.frames++;
		}
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
	/** Texts that were copied to the clipboard. */
	readonly copied: () => readonly string[];
	/** Sends a text as one chunk. */
	readonly type: (data: string) => void;
	readonly resize: (size: TerminalSize) => void;
	readonly controller: Controller;
	readonly store: Store;
	readonly instance: Instance;
	readonly close: () => void;
};

export type RenderOptions = {
	/** Size of the screen. Default 120×40. */
	readonly size?: TerminalSize;
	readonly theme?: ThemeName;
	readonly glyphs?: GlyphSet;
	readonly noColor?: boolean;
	/** Lines of the palette from earlier sessions. */
	readonly history?: readonly string[];
	/** Receives lines for the history on disk. */
	readonly remember?: (line: string) => void;
	/** Called before the first frame, so that the engine can send snapshots. */
	readonly play?: () => void;
	/** Rendered instead of the dashboard; keys are not handled then. */
	readonly children?: ReactNode | undefined;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR starts with ESC.
const sgr = /\u001B\[[\d;]*m/g;

/** Renders the app on a screen of any size, with a fake engine. */
export function renderApp(engine: FakeEngine, options: RenderOptions = {}): RenderedApp {
	const {size = {columns: 120, rows: 40}, theme = 'default', glyphs = 'unicode', noColor = false} = options;
	const {children, play, history, remember} = options;
	const stdout = new TestOutput(size.columns, size.rows);
	const stdin = new TestInput();
	const store = new Store(engine);
	const controller = new Controller(engine, store, initialState(theme, glyphs, history), remember);
	play?.();
	const parts = {store, controller, noColor};
	const element = children ? <ScreenProvider {...parts}>{children}</ScreenProvider> : <App {...parts} />;
	const instance = render(element, {
		// These implement only the parts of a stream that Ink uses.
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
		copied: () => stdout.copied,
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
