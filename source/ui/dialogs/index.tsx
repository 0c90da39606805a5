import {useUi} from '../hooks/use-screen.js';
import {ConfirmDialog} from './confirm.js';
import {ConnectionsDialog} from './connections.js';
import {EditDialog} from './edit.js';
import {ExplainDialog} from './explain.js';
import {HelpDialog} from './help.js';
import {OutageMenuDialog} from './outage-menu.js';
import {PaletteDialog} from './palette.js';
import {RedisDialog} from './redis.js';
import {TextDialog} from './text.js';

/** The dialog that is open, over everything else. */
export function CurrentDialog() {
	const dialog = useUi((ui) => ui.dialog);
	switch (dialog.kind) {
		case 'none':
			return null;
		case 'palette':
			return <PaletteDialog palette={dialog} />;
		case 'redis':
			return <RedisDialog pane={dialog} />;
		case 'help':
			return <HelpDialog help={dialog} />;
		case 'outage-menu':
			return <OutageMenuDialog menu={dialog} />;
		case 'connections':
			return <ConnectionsDialog connections={dialog} />;
		case 'explain':
			return <ExplainDialog explain={dialog} />;
		case 'text':
			return <TextDialog text={dialog} />;
		case 'edit':
			return <EditDialog edit={dialog} />;
		case 'confirm':
			return <ConfirmDialog confirm={dialog} />;
	}
}
