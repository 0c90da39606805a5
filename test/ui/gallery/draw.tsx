import {Box} from 'ink';
import {useTerminalSize} from '../../../source/ui/hooks/use-screen.js';
import {panels} from '../../../source/ui/panels/index.js';
import type {TerminalSize} from '../../../source/ui/state/terminal-size.js';
import type {PanelId} from '../../../source/ui/state/views/plans/overview-plan.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {type RenderOptions, renderApp} from '../../support/render-app.js';
import {play, type Scene} from './scenes.js';

/** Cells of a panel that is drawn alone: a quarter of the overview at 120×40. */
export const panelSize: TerminalSize = {columns: 60, rows: 11};

type DrawOptions = Omit<RenderOptions, 'children' | 'play' | 'size'>;

/** Draws a scene as lines with their colors. */
export async function drawScene(
	scene: Scene,
	{
		size = scene.size ?? (scene.panel ? panelSize : {columns: 120, rows: 40}),
		...options
	}: DrawOptions & {
		readonly size?: TerminalSize;
	} = {},
): Promise<string> {
	const [drawn = ''] = await drawSceneAt([size], scene, options);
	return drawn;
}

/** Draws a scene at each of the sizes: its keys are pressed at the first one, and then the terminal is resized. */
export async function drawSceneAt(
	[first, ...others]: readonly [TerminalSize, ...TerminalSize[]],
	scene: Scene,
	options: DrawOptions = {},
): Promise<readonly string[]> {
	const engine = new FakeEngine();
	const children = scene.panel && <OnePanel id={scene.panel} />;
	const app = renderApp(engine, {...options, size: first, children, play: () => play(engine, scene)});
	// Input is heard once effects have run, and a reply is there when all that is due has run.
	const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
	await nextTurn();
	for (const key of scene.keys ?? []) {
		app.type(key);
		await nextTurn();
		await nextTurn();
	}
	const drawn = [app.ansi()];
	for (const size of others) {
		app.resize(size);
		await nextTurn();
		await nextTurn();
		drawn.push(app.ansi());
	}
	app.close();
	return drawn;
}

/** A panel that is as large as the terminal. */
function OnePanel({id}: {readonly id: PanelId}) {
	const {columns, rows} = useTerminalSize();
	const Panel = panels[id].component;
	return (
		<Box width={columns} height={rows}>
			<Panel isFocused={false} />
		</Box>
	);
}
