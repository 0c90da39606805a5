import {onTestFinished} from 'vitest';
import {FakeEngine, type Story, uneventful} from './fake-engine.js';
import {type RenderedApp, type RenderOptions, renderApp} from './render-app.js';
import {until} from './until.js';

export type OpenApp = {
	readonly app: RenderedApp;
	readonly engine: FakeEngine;
	/** Waits until the screen shows `wanted`. */
	readonly sees: (wanted: string | RegExp) => Promise<void>;
	/** Waits until the screen no longer shows `wanted`. */
	readonly losesSight: (wanted: string) => Promise<void>;
	/** Types keys, and waits until the screen shows `wanted`. */
	readonly type: (keys: string, wanted: string | RegExp) => Promise<void>;
};

export type OpenOptions = Omit<RenderOptions, 'play'> & {
	readonly engine?: FakeEngine;
	/** Seconds of the story that have passed; `none`: the engine has sent nothing yet. Default 30. */
	readonly seconds?: number | 'none';
	readonly story?: Story;
};

/** The dashboard, in the middle of a story, until the end of the test. */
export function openApp(options: OpenOptions = {}): OpenApp {
	const {engine = new FakeEngine(), seconds = 30, story = uneventful} = options;
	const play = () => {
		if (seconds !== 'none') engine.play(seconds, story);
	};
	const app = renderApp(engine, {...options, play});
	onTestFinished(() => app.close());
	const waitFor = (holds: () => boolean, what: string) =>
		until(holds, what).catch((error: Error) => {
			throw new Error(`${error.message}\n${app.screen()}`);
		});
	const sees = (wanted: string | RegExp) =>
		waitFor(
			() => (typeof wanted === 'string' ? app.screen().includes(wanted) : wanted.test(app.screen())),
			String(wanted),
		);
	return {
		app,
		engine,
		sees,
		losesSight: (wanted) => waitFor(() => !app.screen().includes(wanted), `no ${wanted}`),
		type: (keys, wanted) => {
			app.type(keys);
			return sees(wanted);
		},
	};
}
