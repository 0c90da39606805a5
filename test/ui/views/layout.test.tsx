import {Box} from 'ink';
import {expect, onTestFinished, test} from 'vitest';
import type {TerminalSize} from '../../../source/ui/state/terminal-size.js';
import {views} from '../../../source/ui/views/index.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {renderApp} from '../../support/render-app.js';

/** A view in a box that is smaller than the terminal. */
function drawIn(box: TerminalSize, view: keyof typeof views) {
	const engine = new FakeEngine();
	const {component: View} = views[view];
	const children = (
		<Box width={box.columns} height={box.rows}>
			<View />
		</Box>
	);
	const app = renderApp(engine, {children, size: {columns: 120, rows: 50}, play: () => engine.play(30)});
	onTestFinished(() => app.close());
	return app.screen();
}

test('the server view shows all figures where its box has room for them, and leaves rows for INFO where it has not', () => {
	const inOneColumn = drawIn({columns: 60, rows: 20}, 'server');
	for (const words of ['commands', 'uptime      1h', '/ filters INFO', 'SERVER']) expect(inOneColumn).toContain(words);
	const low = drawIn({columns: 60, rows: 12}, 'server');
	for (const words of ['commands', '/ filters INFO', 'SERVER', 'tcp_port']) expect(low).toContain(words);
});

test('the pool view has charts only where its box has room for them', () => {
	expect(drawIn({columns: 100, rows: 40}, 'pool')).toContain('commands in flight out of the capacity');
	const screen = drawIn({columns: 100, rows: 20}, 'pool');
	expect(screen).toContain('Checkouts');
	expect(screen).not.toContain('commands in flight out of the capacity');
});
