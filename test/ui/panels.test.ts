import {afterEach, describe, expect, test} from 'vitest';
import {overviewLayout} from '../../source/ui/overview-layout.js';
import {panelOf, panels} from '../../source/ui/panels/index.js';
import {panelsOnScreen} from '../../source/ui/state/update-views.js';
import {FakeEngine} from '../support/fake-engine.js';
import {type RenderedApp, renderApp} from '../support/render-app.js';
import {until} from '../support/until.js';

const open: RenderedApp[] = [];
afterEach(() => {
	for (const app of open.splice(0)) app.close();
});

const designed = [
	{columns: 60, rows: 16},
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 200, rows: 60},
];

describe('every panel', () => {
	test('says what it shows, where that comes from and what is normal', () => {
		for (const {title, explain} of panels)
			for (const [part, words] of Object.entries(explain))
				expect(words.length, `${title}: ${part}`).toBeGreaterThan(30);
	});

	test('is on the largest screen', () => {
		const places = overviewLayout({columns: 200, rows: 57}).places.map(({panel}) => panel);
		expect(new Set(places)).toEqual(new Set(panels.map(({id}) => id)));
	});

	for (const size of designed)
		test(`can be focused, enlarged and explained at ${size.columns}x${size.rows}`, async () => {
			const engine = new FakeEngine();
			const app = renderApp(engine, {size});
			open.push(app);
			engine.play(40, {outage: {from: 20, to: 30}});
			const sees = (wanted: string) =>
				until(() => app.screen().includes(wanted), wanted).catch((error: Error) => {
					throw new Error(`${error.message}\n${app.screen()}`);
				});
			const order = panelsOnScreen({size});
			expect(order.length).toBeGreaterThanOrEqual(6);
			for (const id of order) {
				const title = panelOf(id)?.title ?? '';
				app.type('\t');
				await until(() => app.controller.getState().focus === id, `${id} has the focus`);
				await sees('▸');
				app.type('\r');
				await sees(`━ ▸ ${title} ━`);
				app.type('i');
				await sees('What it shows');
				// A long text on a small screen is scrolled.
				app.type('\u001B[F');
				await sees('What is normal');
				app.type('\u001B');
				await until(() => app.controller.getState().overlay.kind === 'none', 'the explanation is closed');
				app.type('\r');
				await until(() => app.controller.getState().enlarged === undefined, 'the panel is small again');
			}
		});
});

test('every other view is explained, too', async () => {
	const engine = new FakeEngine();
	const app = renderApp(engine, {size: {columns: 80, rows: 24}});
	open.push(app);
	engine.play(10);
	for (const view of ['2', '3', '4', '5', '6']) {
		app.type(view);
		app.type('i');
		await until(() => app.screen().includes('What is normal'), `the explanation of view ${view}`);
		app.type('\u001B');
		await until(() => !app.screen().includes('What is normal'), 'it is closed');
	}
});

test('the story of an outage is told on every size', async () => {
	for (const size of designed) {
		const engine = new FakeEngine();
		const app = renderApp(engine, {size});
		open.push(app);
		engine.play(30);
		await until(() => app.screen().includes('none yet: o simulates one'), 'that there was none yet');
		engine.play(40, {outage: {from: 31}}, 31);
		await until(() => /blackhole for 9 s, fallback at once/.test(app.screen()), 'the outage that lasts');
		engine.play(70, {outage: {from: 31, to: 45}}, 41);
		// On the smallest there is a line of its own for wrong reads.
		const told =
			size.columns < 80 ? /blackhole 14 s, fallback at once.*healed in/ : /blackhole 14 s, .*healed in .*0 wrong reads/;
		await until(() => told.test(app.screen()), 'the outage that is over');
	}
});
