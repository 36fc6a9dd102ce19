// What others were answered, in English; loaded when others were asked.
export default {
  'compare.heading': 'Compared with other visitors',
  'compare.of': 'What',
  'compare.who': 'Visitor',
  'compare.got': 'Got',
  'compare.challenge': '{vendor} bot check',
};
