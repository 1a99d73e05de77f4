import { bridgeView } from './bridge-view.js';
import { demonstrationView } from './demonstration-view.js';
import { part } from './dom.js';
import { listen } from './live.js';
import { panel } from './panel.js';
import { startTheme } from './theme.js';

startTheme();
const panels = { matrix: panel('matrix'), remote: panel('remote') };
const bridge = bridgeView();
const demonstration = demonstrationView();

const liveWords = { open: 'Live', lost: 'The playground cannot be reached. Trying again…' };

listen(
  {
    hello({ sides, standing, crossings, demonstration: shown }) {
      panels.matrix.reset(sides.matrix);
      panels.remote.reset(sides.remote);
      bridge.setStanding(standing);
      bridge.setCrossings(crossings);
      demonstration.set(shown);
    },
    side: ({ side, view }) => panels[side].reset(view),
    line: ({ side, line }) => panels[side].setLine(line),
    people: ({ side, people }) => panels[side].setPeople(people),
    typing: ({ side, who }) => panels[side].setTyping(who),
    standing: (standing) => bridge.setStanding(standing),
    crossings: (counts) => bridge.setCrossings(counts),
    demonstration: (shown) => demonstration.set(shown),
  },
  (state) => {
    document.body.dataset.live = state;
    part(document, '.live-text').textContent = liveWords[state];
  },
);
