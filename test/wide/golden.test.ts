import { goldenSuite } from '../support/golden.js';

goldenSuite({ tools: 'java', broker: 'embedded' });
goldenSuite({ tools: 'ts', broker: '4.3.1' });
// the tutorial's version, through its exercise
goldenSuite({ tools: 'java', version: '3.7.2', broker: 'embedded', only: /^exercise/ });
goldenSuite({ tools: 'ts', broker: '3.7.2', only: /^exercise/ });
