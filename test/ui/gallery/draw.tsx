import {Box} from 'ink';
import {panels} from '../../../source/ui/panels/index.js';
import type {TerminalSize} from '../../../source/ui/state/terminal-size.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {type RenderOptions, renderApp} from '../../support/render-app.js';
import {play, type Scene} from './scenes.js';

/** Cells of a panel that is drawn alone: a quarter of the overview at 120×40. */
export const panelSize: TerminalSize = {columns: 60, rows: 11};

/** Draws a scene as lines with their colors. */
export async function drawScene(scene: Scene, options: Omit<RenderOptions, 'children' | 'play'> = {}): Promise<string> {
	const engine = new FakeEngine();
	const {size = scene.size ?? (scene.panel ? panelSize : {columns: 120, rows: 40})} = options;
	const Panel = scene.panel && panels[scene.panel].component;
	const children = Panel && (
		<Box width={size.columns} height={size.rows}>
			<Panel isFocused={false} />
		</Box>
	);
	const app = renderApp(engine, {...options, size, children, play: () => play(engine, scene)});
	// Input is heard once effects have run, and a reply is there when all that is due has run.
	const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
	await nextTurn();
	for (const key of scene.keys ?? []) {
		app.type(key);
		await nextTurn();
		await nextTurn();
	}
	const drawn = app.ansi();
	app.close();
	return drawn;
}
