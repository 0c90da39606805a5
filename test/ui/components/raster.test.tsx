import {Box} from 'ink';
import {expect, onTestFinished, test, vi} from 'vitest';
import {type Draw, Raster} from '../../../source/ui/components/raster.js';
import {span} from '../../../source/ui/text/row.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {type RenderOptions, renderApp} from '../../support/render-app.js';

function draws(children: RenderOptions['children'], size = {columns: 12, rows: 6}) {
	const app = renderApp(new FakeEngine(), {children, size});
	onTestFinished(() => app.close());
	return app;
}

/** A picture of its own size: `12x4` in the first row, the number of the row in the others. */
const ownSize: Draw = ({width, height}) =>
	Array.from({length: height}, (_, y) => [span(y === 0 ? `${width}x${height}` : String(y))]);

test('a picture has the size of its box in the first frame', () => {
	const app = draws(
		<Box width={10} height={4} borderStyle="single">
			<Raster draw={ownSize} />
		</Box>,
	);
	expect(app.screen().split('\n')).toEqual(['┌────────┐', '│8x2     │', '│1       │', '└────────┘']);
	expect(app.frames()).toBe(1);
});

test('a picture shares its box by the rules of flexbox', () => {
	const app = draws(
		<Box flexDirection="column" width={10} height={6}>
			<Raster draw={ownSize} height={2} />
			<Raster draw={ownSize} />
		</Box>,
	);
	expect(app.screen().split('\n')).toEqual(['10x2', '1', '10x4', '1', '2', '3']);
});

test('a picture is drawn once for each size, and rows are cut to it', () => {
	const draw = vi.fn<Draw>(() => [[span('a row that is too long')], [span('b')], [span('c')]]);
	const app = draws(
		<Box width="50%" height={2}>
			<Raster draw={draw} />
		</Box>,
	);
	app.resize({columns: 12, rows: 9});
	expect(app.screen().split('\n')).toEqual(['a row', 'b']);
	expect(draw.mock.calls).toEqual([[{width: 6, height: 2}]]);
	app.resize({columns: 14, rows: 9});
	expect(app.screen().split('\n')).toEqual(['a row …', 'b']);
	expect(draw.mock.lastCall).toEqual([{width: 7, height: 2}]);
});

test('an opaque picture hides what lies behind it, another one lets it through', () => {
	const behind = (isOpaque: boolean) =>
		draws(
			<Box width={6} height={2}>
				<Box position="absolute" width={6} height={2}>
					<Raster draw={() => [[span('behind')], [span('behind')]]} />
				</Box>
				<Raster draw={() => [[span('x')]]} isOpaque={isOpaque} />
			</Box>,
		).screen();
	expect(behind(true)).toBe('x\n');
	expect(behind(false)).toBe('xehind\nbehind');
});

test('an error in a picture ends the program with it', async () => {
	const app = draws(
		<Box width={6} height={2}>
			<Raster
				draw={() => {
					throw new Error('no picture');
				}}
			/>
		</Box>,
	);
	await expect(app.instance.waitUntilExit()).rejects.toThrow('no picture');
});

test('another view, another second and another size need one frame', async () => {
	const {app, engine, sees} = openApp();
	const framesOf = async (act: () => void, wanted: RegExp) => {
		const before = app.frames();
		act();
		await sees(wanted);
		return app.frames() - before;
	};
	expect(await framesOf(() => app.type('3'), /4 of 4 ready[\s\S]*lane 0|0 +● ready/)).toBe(1);
	expect(await framesOf(() => app.type('1'), /100 % ┤[\s\S]*o outage/)).toBe(1);
	expect(await framesOf(() => engine.play(31, {}, 31), /connected {2}31 s/)).toBe(1);
	app.resize({columns: 80, rows: 24});
	// Ink draws the frame before once more, then the components follow.
	expect(await framesOf(() => {}, /^[^\n]{0,80}\n( 1 Overview[^\n]*\n)(?:[^\n]*\n){21}[^\n]*o outage[^\n]*$/)).toBe(1);
});
