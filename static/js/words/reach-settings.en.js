// What is asked beside the page, in English; loaded when the settings are opened.
export default {
  'settings.probe': 'Visit the page',
  'settings.probe.yes': 'Yes',
  'settings.probe.no': 'No',
  'settings.probe.note': 'This server asks for the page a few times, as Kakao and as a browser. Turn it off for a page inside your own network.',
  'settings.ports': 'Ports',
  'settings.ports.note': 'The ports to look for in the rules. Empty: those of the list, or 80 and 443.',
  'settings.list': 'Kakao’s ranges',
  'settings.choice.known': 'What this server has',
  'settings.choice.own': 'Your own',
  'settings.known.note': 'The official list if this server has it from Kakao’s API, otherwise the networks that Kakao announces in BGP.',
  'settings.own.note': 'The answer of Kakao’s API as JSON, or one CIDR per line.',
  'settings.ranges.label': 'Kakao’s IP list',
  'settings.ranges.pick': 'Choose a list',
};
