import { bootifWords, type Distribution } from './distribution.ts';

/** A folder that is served as it is: package mirrors, drivers, scripts, or a system that no other row knows. */
export const files: Distribution = {
  family: 'files',
  systems: 'anything',
  looksFor: 'nothing: any folder will do',
  sources: [],
  answers: [],
  memory: 'as its kernel takes',
  recognise: () =>
    Promise.resolve({
      recognised: true,
      tree: {
        family: 'files',
        title: 'Files',
        release: '',
        architecture: '',
        initrds: [],
        answerKind: 'none',
      },
    }),
  installerArguments: ({ bootMac }) => bootifWords(bootMac),
  attendedArguments: () => [],
};
