import {render} from 'ink';
import {commandSpecs} from '../engine/command-specs.js';
import {oneLine} from '../engine/one-line.js';
import type {EngineClient} from '../engine/protocol.js';
import {faultCatalogue} from '../faults/catalogue.js';
import {App} from './app.js';
import {ScreenReaderApp} from './components/screen-reader-app.js';
import type {GlyphsName} from './glyphs.js';
import {Controller} from './state/controller.js';
import {initialState} from './state/ui-state.js';
import {Store} from './store.js';
import type {ThemeName} from './theme.js';
import {whenResized} from './when-resized.js';

export type DashboardOptions = {
	/** Default `default`. */
	readonly theme?: ThemeName;
	/** Default: Unicode where the locale says UTF-8, else ASCII. */
	readonly glyphs?: GlyphsName;
	/** Default: whether `NO_COLOR` is set. */
	readonly noColor?: boolean;
	/** Snapshots, and so frames, a second. 1 to 30, default 4. Keys are answered at once whatever it is. */
	readonly fps?: number;
	/** Plain lines instead of a drawn screen. Default: whether `INK_SCREEN_READER` is `true`. */
	readonly screenReader?: boolean;
	/** Ends the dashboard. The exit code is then 128 and the number of the signal that is its reason. */
	readonly signal?: AbortSignal;
};

export type DashboardResult = {
	/** 0 when the user quit, 1 after an internal error, 128 + n by signal, else what the engine said. */
	readonly exitCode: number;
	/** One line for stderr, when there is something to say. */
	readonly message?: string;
};

const signals = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const;

const homeAndEraseDown = '\u001B[H\u001B[J';

function localeGlyphs(env: NodeJS.ProcessEnv): GlyphsName {
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	return /utf-?8/i.test(locale) && env.TERM !== 'linux' ? 'unicode' : 'ascii';
}

/**
 * Shows the dashboard until the user quits, a signal arrives or the engine fails. The terminal is restored in every
 * case. The client is not closed: who opened it closes it.
 */
export async function runDashboard(client: EngineClient, options: DashboardOptions = {}): Promise<DashboardResult> {
	const env = process.env;
	const noColor = options.noColor ?? (env.NO_COLOR !== undefined && env.NO_COLOR !== '');
	const isReader = options.screenReader ?? env.INK_SCREEN_READER === 'true';
	const fps = isReader ? 1 : Math.min(30, Math.max(1, options.fps ?? 4));
	const store = new Store(client, 750 / fps);
	const controller = new Controller({
		client,
		store,
		commands: commandSpecs,
		catalogue: faultCatalogue,
		initial: initialState(options.theme ?? 'default', options.glyphs ?? localeGlyphs(env)),
	});
	client.setRate(fps);

	// Before the first frame: Ink turns the echo off only after it, and a key pressed in between would scroll the screen.
	if (process.stdin.isTTY) process.stdin.setRawMode(true);
	let result: DashboardResult = {exitCode: 0};
	const draw = () =>
		isReader ? (
			<ScreenReaderApp store={store} controller={controller} />
		) : (
			<App store={store} controller={controller} noColor={noColor} />
		);
	const instance = render(draw(), {
		alternateScreen: !isReader,
		incrementalRendering: true,
		exitOnCtrlC: false,
		isScreenReaderEnabled: isReader,
		interactive: true,
	});
	let isLeaving = false;
	const end = (next: DashboardResult) => {
		result = next;
		isLeaving = true;
		instance.unmount();
	};
	const crash = (error: unknown) =>
		end({exitCode: 1, message: `the dashboard failed: ${oneLine(error)}; please report it`});
	const removers: (() => void)[] = [client.onFatal((error) => end({exitCode: error.exitCode, message: error.message}))];
	if (!isReader) {
		// A frame that was on its way while the terminal changed its size may have wrapped and scrolled it, and then only
		// what changes is drawn: the rest would be in the wrong place for as long as it stays the same.
		const repaint = () => {
			// The screen belongs to the shell again.
			if (isLeaving) return;
			instance.clear();
			process.stdout.write(homeAndEraseDown);
			instance.rerender(draw());
		};
		removers.push(whenResized(process.stdout, repaint));
	}
	const events: NodeJS.EventEmitter = process;
	const listen = (event: string, listener: (argument: unknown) => void) => {
		events.on(event, listener);
		removers.push(() => events.off(event, listener));
	};
	for (const [name, exitCode] of Object.entries(signals)) listen(name, () => end({exitCode}));
	listen('uncaughtException', crash);
	listen('unhandledRejection', crash);
	// A terminal that went away: nothing can be drawn, and nobody is there.
	const gone = () => end({exitCode: signals.SIGHUP});
	for (const stream of [process.stdin, process.stdout]) {
		stream.on('error', gone);
		removers.push(() => stream.off('error', gone));
	}
	process.stdin.on('end', gone);
	removers.push(() => process.stdin.off('end', gone));
	const abort = () => end({exitCode: 130});
	options.signal?.addEventListener('abort', abort);
	removers.push(() => options.signal?.removeEventListener('abort', abort));
	try {
		await instance.waitUntilExit();
	} catch (error) {
		result = {exitCode: 1, message: `the dashboard failed: ${oneLine(error)}; please report it`};
	} finally {
		for (const remove of removers) remove();
		store.close();
		if (process.stdin.isTTY) process.stdin.setRawMode(false);
		process.stdin.unref();
	}
	return result;
}
