import type {RenderedApp} from './render-app.js';
import {until} from './until.js';

/** Functions that wait until an app shows a text. */
export const see = (app: RenderedApp) => {
	const sees = (wanted: string | RegExp) =>
		until(
			() => (typeof wanted === 'string' ? app.screen().includes(wanted) : wanted.test(app.screen())),
			String(wanted),
		).catch((error: Error) => {
			throw new Error(`${error.message}\n${app.screen()}`);
		});
	/** Types, and waits until the screen shows a text. */
	const type = async (data: string, wanted: string | RegExp) => {
		app.type(data);
		await sees(wanted);
	};
	return {sees, type};
};
