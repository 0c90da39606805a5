import {Box} from 'ink';
import {expect, onTestFinished, test} from 'vitest';
import {List} from '../../../source/ui/components/list.js';
import {span} from '../../../source/ui/text/row.js';
import {FakeEngine} from '../../support/fake-engine.js';
import {renderApp} from '../../support/render-app.js';

test('the reason for an empty list is told in full, on several rows', () => {
	const children = (
		<Box width={24} height={4}>
			<List
				count={0}
				selected={0}
				row={() => []}
				empty={span('the keys were not read: the connection was lost', 'bad')}
			/>
		</Box>
	);
	const app = renderApp(new FakeEngine(), {children, size: {columns: 24, rows: 6}});
	onTestFinished(() => app.close());
	expect(app.screen().trimEnd().split('\n')).toEqual(['the keys were not read:', 'the connection was lost']);
});
