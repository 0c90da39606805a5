import chalk from 'chalk';
import {render} from 'ink';
import {oneLine} from '../engine/one-line.js';
import type {EngineClient} from '../engine/protocol.js';
import {type GlyphSet, glyphsOfLocale} from '../text/glyph-set.js';
import {App} from './app.js';
import {Controller} from './controller.js';
import {ScreenReaderApp} from './screen-reader/screen-reader-app.js';
import {withTree} from './state/slices.js';
import {initialState} from './state/ui-state.js';
import {Store} from './store/store.js';
import {anchoredOutput} from './terminal/anchored-output.js';
import {whenResized} from './terminal/when-resized.js';
import type {ThemeName} from './theme.js';

type DashboardOptions = {
	/** Default `default`. */
	readonly theme?: ThemeName;
	/** The text between the parts of names in the tree of keys. Default `:`. */
	readonly delimiter?: string | undefined;
	/** Default: Unicode where the locale is UTF-8, else ASCII. */
	readonly glyphs?: GlyphSet;
	/** True for no colors. Default: true if `NO_COLOR` is set. */
	readonly noColor?: boolean;
	/** Snapshots a second, 1 to 30, and so frames a second while no key is pressed. Default 4. */
	readonly fps?: number;
	/** True for plain sentences instead of a drawn screen. Default: true if `INK_SCREEN_READER` is `true`. */
	readonly screenReader?: boolean;
	/** Lines of the palette from earlier sessions, and what keeps further ones. Default: a history of this session alone. */
	readonly history?: {readonly lines: readonly string[]; readonly add: (line: string) => void};
	/** Ends the dashboard, with exit code 130. */
	readonly signal?: AbortSignal;
};

type DashboardResult = {
	/** 0 after `quit`, 1 after an internal error, 128 + n after a signal, else the code of the engine's error. */
	readonly exitCode: number;
	/** One line for stderr. */
	readonly message?: string;
};

const signals = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const;

const homeAndEraseDown = '\u001B[H\u001B[J';

/** Frames a second that Ink draws at most. At its default of 30, a key waits for up to 34 ms before it is drawn. */
const maxFps = 120;

/** Share of the time between two snapshots that must pass between two frames. */
const frameShare = 0.75;

function crashed(error: unknown): DashboardResult {
	return {exitCode: 1, message: `the dashboard failed: ${oneLine(error)}; please report it`};
}

/** A group of listeners that are removed together. */
class Listeners {
	readonly #removers: (() => void)[] = [];

	add(remove: () => void): void {
		this.#removers.push(remove);
	}

	on(emitter: NodeJS.EventEmitter, event: string, listener: (argument: unknown) => void): void {
		emitter.on(event, listener);
		this.add(() => emitter.off(event, listener));
	}

	remove(): void {
		for (const remove of this.#removers.splice(0)) remove();
	}
}

/**
 * Shows the dashboard until the user quits, a signal arrives, or the engine fails. Restores the terminal in every case.
 * Does not close the client.
 */
export async function runDashboard(client: EngineClient, options: DashboardOptions = {}): Promise<DashboardResult> {
	const {env, stdin, stdout} = process;
	const noColor = options.noColor ?? (env.NO_COLOR !== undefined && env.NO_COLOR !== '');
	const isReader = options.screenReader ?? env.INK_SCREEN_READER === 'true';
	const fps = isReader ? 1 : Math.min(30, Math.max(1, options.fps ?? 4));
	const store = new Store(client, (frameShare * 1000) / fps);
	const {delimiter, theme = 'default', glyphs = glyphsOfLocale(env), history} = options;
	const initial = withTree(initialState(theme, glyphs, history?.lines), {delimiter});
	const controller = new Controller(client, store, initial, history?.add);
	client.setRate(fps);
	// The theme decides about colors. At level 0, chalk would omit bold and faint as well.
	chalk.level = 1;

	// Ink turns the echo off only after the first frame, and the echo of an earlier keystroke would scroll the screen.
	if (stdin.isTTY) stdin.setRawMode(true);
	const draw = () =>
		isReader ? (
			<ScreenReaderApp store={store} controller={controller} />
		) : (
			<App store={store} controller={controller} noColor={noColor} />
		);
	// The output for screen readers is not anchored: it has no columns.
	const output = isReader ? stdout : anchoredOutput(stdout);
	const instance = render(draw(), {
		stdout: output,
		alternateScreen: !isReader,
		incrementalRendering: true,
		exitOnCtrlC: false,
		isScreenReaderEnabled: isReader,
		interactive: true,
		maxFps,
	});

	let result: DashboardResult = {exitCode: 0};
	let isLeaving = false;
	const end = (next: DashboardResult) => {
		result = next;
		isLeaving = true;
		instance.unmount();
	};
	/**
	 * Redraws everything. A frame written while the size changed may have wrapped, and later frames draw only changes.
	 */
	const repaint = () => {
		if (isLeaving) return;
		instance.clear();
		output.write(homeAndEraseDown);
		instance.rerender(draw());
	};

	const listeners = new Listeners();
	listeners.add(client.onFatal(({exitCode, message}) => end({exitCode, message})));
	if (!isReader) listeners.add(whenResized(stdout, repaint));
	for (const [name, exitCode] of Object.entries(signals)) listeners.on(process, name, () => end({exitCode}));
	for (const event of ['uncaughtException', 'unhandledRejection'])
		listeners.on(process, event, (error) => end(crashed(error)));
	// The terminal was closed: handled like SIGHUP.
	const onHangUp = () => end({exitCode: signals.SIGHUP});
	listeners.on(stdin, 'error', onHangUp);
	listeners.on(stdout, 'error', onHangUp);
	listeners.on(stdin, 'end', onHangUp);
	const onAbort = () => end({exitCode: signals.SIGINT});
	options.signal?.addEventListener('abort', onAbort);
	listeners.add(() => options.signal?.removeEventListener('abort', onAbort));
	try {
		await instance.waitUntilExit();
	} catch (error) {
		result = crashed(error);
	} finally {
		listeners.remove();
		store.close();
		if (stdin.isTTY) stdin.setRawMode(false);
		stdin.unref();
	}
	return result;
}
