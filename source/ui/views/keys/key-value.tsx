import {useMemo} from 'react';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {Scroll} from '../../components/scroll.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {valueRows} from '../../rows/key-facts.js';
import {span} from '../../text/row.js';

const notes = [[span('Esc closes', 'dim')]] as const;

/** The open key: what is known of it, and its value. */
export function KeyValue() {
	const open = useUi(({keys}) => keys.open);
	const second = useEngine(({snapshot}) => Math.floor((snapshot?.at ?? Date.now()) / 1000));
	const lines = useMemo(
		() => (width: number) => (open ? valueRows(open, Math.max(10, width), second * 1000) : []),
		[open, second],
	);
	return (
		<Panel title={printable(open?.key ?? '')} notes={notes} isFocused>
			<Scroll lines={lines} top={open?.top ?? 0} scope="key-value" />
		</Panel>
	);
}
