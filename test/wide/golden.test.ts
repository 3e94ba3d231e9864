import { goldenSuite } from '../support/golden.js';

// dump-log reads files, and the embedded broker has no streams groups: Java's tools would say again what was recorded
goldenSuite({ tools: 'java', broker: 'embedded', only: /^(?!dump-log|streams-groups)/ });
goldenSuite({ tools: 'ts', broker: '4.3.1' });
// the tutorial's version, through its exercise
goldenSuite({ tools: 'java', version: '3.7.2', broker: 'embedded', only: /^exercise/ });
goldenSuite({ tools: 'ts', broker: '3.7.2', only: /^exercise/ });
