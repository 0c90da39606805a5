import {Box} from 'ink';
import {expect, onTestFinished, test} from 'vitest';
import {Words} from '../../../source/ui/components/words.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {renderApp} from '../../support/render-app.js';

test('no line ends between a number and its unit', () => {
	const children = (
		<Box width={8}>
			<Words>took 250 ms</Words>
		</Box>
	);
	const app = renderApp(new FakeEngine(), {children, size: {columns: 8, rows: 6}});
	onTestFinished(() => app.close());
	expect(app.screen().split('\n')).toEqual(['took', '250 ms']);
});

test.each(['text', 'dim'] as const)('no line begins with the blank at which it was broken, in %s', (style) => {
	const children = (
		<Box width={8}>
			<Words style={style}>kept nor shown</Words>
		</Box>
	);
	const app = renderApp(new FakeEngine(), {children, size: {columns: 8, rows: 6}});
	onTestFinished(() => app.close());
	expect(app.screen().split('\n')).toEqual(['kept nor', 'shown']);
});
