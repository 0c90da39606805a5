import {Box} from 'ink';
import {useTerminalSize, useUi} from '../../hooks/use-screen.js';
import type {ViewEntry} from '../view.js';
import {KeyList} from './key-list.js';
import {KeyTree} from './key-tree.js';
import {KeyValue} from './key-value.js';

/** From this width on, the value of a key stands beside the list instead of replacing it. */
const wideColumns = 110;

function KeysView() {
	const {columns} = useTerminalSize();
	const shape = useUi(({keys: {shape: current}}) => current);
	const isOpen = useUi(({keys: {open}}) => open !== undefined);
	const keyList = shape === 'tree' ? <KeyTree /> : <KeyList />;
	return (
		<Box flexGrow={1}>
			{isOpen && columns < wideColumns ? undefined : keyList}
			{isOpen && <KeyValue />}
		</Box>
	);
}

export const keys: ViewEntry = {
	component: KeysView,
	explain: {
		shows:
			'The keys of the whole Redis with type, TTL and size: a page at a time, or as a tree by the parts of their names. For the open key its value, and for a cache entry its version, age and tags.',
		source:
			'SCAN, TYPE, PTTL and MEMORY USAGE, in short steps that do not block the server, at most as many keys a second as --scan-rate allows. Values are read with bounded commands, and decoded here. They bypass the cache and its memory tier, and show the content of Redis. Counts with ≈ or ≥ cover the scanned part.',
		normal:
			'Names of cache entries start with rct: and their namespace, and they have a TTL. A key without TTL stays until a client deletes it. The title says when the list was loaded; r loads it again.',
	},
};
