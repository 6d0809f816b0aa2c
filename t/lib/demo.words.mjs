// What is said and who is who in the demonstration tenant: data of demo.mjs, made up for these tests. The numbers are
// those that Ofcom keeps free for drama.
// https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama

export const clients = [
  { name: 'Harbour Dental', zone: 'Europe/London', forward: '+442079460701' },
  { name: 'Kestrel Plumbing & Heating', zone: null, forward: '+441614960702' },
  { name: 'Oakfield Motors', zone: 'Europe/Dublin', forward: '+441134960703' },
];

export const campaigns = [
  { name: 'Google Ads – brand', source: 'google', medium: 'cpc' },
  { name: 'Bing – emergency', source: 'bing', medium: 'cpc' },
  { name: 'Spring leaflet', source: 'leaflet', medium: 'print' },
  { name: 'Radio Harbour', source: 'radio', medium: 'audio' },
];

// client and campaign by place in their lists
export const numbers = [
  { e164: '+442079460710', client: 0, campaign: 0, type: 'local' },
  { e164: '+442079460711', client: 0, campaign: 2, type: 'local' },
  { e164: '+441614960720', client: 1, campaign: 1, type: 'local' },
  { e164: '+448081570721', client: 1, campaign: 3, type: 'toll-free' },
  { e164: '+441134960730', client: 2, campaign: 0, type: 'local' },
  { e164: '+441134960731', client: 2, campaign: null, type: 'local' },
];

export const people = {
  admin: ['Robin Adeyemi', 'Lee Novak'],
  manager: ['Morgan Castellanos', 'Ines Duarte'],
  agent: ['Priya Raman', 'Tom Okafor', 'Hanna Lindqvist', 'Mateusz Zieliński', 'Aoife Brennan'],
  viewer: ['Casey Whitfield', 'Noor Haddad'],
};

export const names = [
  'Alice Thornton',
  'Ben Achterberg',
  'Chidi Nwosu',
  'Deborah Flint',
  'Elif Aydın',
  'Frank Osei',
  'Grace Liu',
  'Hamid Rahimi',
  'Isabel Moreno',
  'Jonas Weber',
  'Keira Macleod',
  'Liam O’Shea',
  'Maria Papadakis',
  'Nathan Price',
  'Olga Petrova',
  'Paul Whitmore',
  'Queenie Adams',
  'Rashid Khan',
  'Sofia Rossi',
  'Thomas Eriksen',
  'Uma Patel',
  'Victor Almeida',
  'Wendy Hughes',
  'Xin Zhao',
  'Yusuf Demir',
  'Zoe Carmichael',
  'Amara Diallo',
  'Bruno Costa',
  'Charlotte Dubois',
  'Dylan Evans',
];

export const places = ['London', 'Manchester', 'Leeds', 'Sheffield', 'Bristol', 'Cardiff', null];

// Conversations: customer (c) and agent (a) in turn; what a model made of each. Seconds come of the words.
export const scripts = [
  {
    talk: [
      ['a', 'Harbour Dental, this is Priya speaking. How can I help you?'],
      ['c', 'Hello. I have a broken tooth since this morning and it really hurts. Can somebody see me today?'],
      ['a', 'I am sorry to hear that. Are you registered with us already?'],
      ['c', 'No, I have just moved here. I found you on Google.'],
      ['a', 'That is no problem. I have an emergency appointment at ten past four this afternoon.'],
      ['c', 'Ten past four is perfect. What does it cost?'],
      ['a', 'The examination is sixty five pounds. If a filling is needed we will tell you the price before we begin.'],
      ['c', 'All right, book it please. My name is Thornton, Alice Thornton.'],
      ['a', 'You are booked, Alice. I will send you a text message with the address and a form to fill in.'],
      ['c', 'Thank you so much, that is a relief. Goodbye.'],
      ['a', 'See you at ten past four. Goodbye.'],
    ],
    sentiment: ['positive', 0.72],
    summary:
      'A new patient with a broken tooth asked for an appointment today. She was booked for 16:10 and knows ' +
      'the price of the examination, £65.',
    items: [
      ['Send a text message with the address and the form', 'agent', 'I will send you a text message with the address'],
      ['Fill in the form before the appointment', 'customer', 'a form to fill in'],
    ],
    topics: ['emergency appointment', 'new patient', 'price'],
  },
  {
    talk: [
      ['a', 'Kestrel Plumbing and Heating, good morning.'],
      ['c', 'Good morning. My boiler has been leaking since last night and there is no hot water at all.'],
      ['a', 'Do you know which make it is, and is the water running into anything electric?'],
      ['c', 'It is a Vaillant. There is a bucket under it, so it is not dangerous, but it is a lot of water.'],
      ['a', 'Please close the valve under the boiler, the one with the blue handle. Can you reach it?'],
      ['c', 'One moment. Yes, it is closed. It has nearly stopped now.'],
      ['a', 'Very good. An engineer can be with you between one and three. The call-out is ninety pounds.'],
      ['c', 'Ninety pounds? Last time it was seventy. But all right, I need hot water.'],
      ['a', 'I understand. The first half hour is included in that. I will have him ring you before he comes.'],
      ['c', 'Fine. The address is fourteen Mill Lane.'],
    ],
    sentiment: ['neutral', 0.08],
    summary:
      'A boiler leaks and there is no hot water. The valve is closed; an engineer comes between 13:00 and ' +
      '15:00 for a call-out of £90. The customer remarked that it used to be £70.',
    items: [
      ['Engineer rings before he comes', 'agent', 'I will have him ring you before he comes'],
      ['Check the price of the call-out against the last visit', 'agent', 'Last time it was seventy'],
    ],
    topics: ['boiler', 'leak', 'call-out price'],
  },
  {
    talk: [
      ['a', 'Oakfield Motors, you are through to Tom.'],
      ['c', 'This is the third time I am calling. My car was to be ready on Friday and nobody rings me back.'],
      ['a', 'I am very sorry. May I have the registration?'],
      ['c', 'Your colleague has asked me that twice already. It is the grey Golf.'],
      ['a', 'Let me look. It waits for a brake calliper that was to arrive yesterday.'],
      ['c', 'And why does nobody tell me? I pay for a hire car every day. I want my money back for that.'],
      ['a', 'You are right to be angry. I will speak to my manager about the hire car and call you before five.'],
      ['c', 'Before five. If not, I take the car somewhere else.'],
    ],
    sentiment: ['negative', -0.68],
    summary:
      'The customer complains for the third time: his Golf was promised for Friday, a brake calliper is ' +
      'late, and nobody called back. He wants the hire car refunded. Tom promised a call before 17:00.',
    items: [
      ['Call back before 17:00', 'agent', 'call you before five'],
      ['Ask the manager about refunding the hire car', 'agent', 'I will speak to my manager about the hire car'],
      ['Find out when the brake calliper arrives', 'agent', 'It waits for a brake calliper'],
    ],
    topics: ['complaint', 'delay', 'refund'],
  },
  {
    talk: [
      ['a', 'Hello, this is Hanna from Kestrel. You asked for an offer for a new boiler on our page.'],
      ['c', 'Oh yes, that was quick. We have a terraced house with three bedrooms.'],
      ['a', 'Then a combi boiler would do. Shall I send somebody to measure on Thursday?'],
      ['c', 'Thursday after five would suit us. Is there a discount at the moment?'],
      ['a', 'There is: two hundred pounds off until the end of the month, and ten years of warranty.'],
      ['c', 'That sounds good. Put us down for Thursday at half past five, please.'],
    ],
    sentiment: ['positive', 0.55],
    summary:
      'The customer wants an offer for a combi boiler and agreed to a visit on Thursday at 17:30. £200 off ' +
      'until the end of the month.',
    items: [['Visit on Thursday at 17:30', 'agent', 'Put us down for Thursday at half past five']],
    topics: ['new boiler', 'offer', 'discount'],
  },
  {
    talk: [
      ['c', 'Hello, this is a message for the workshop. I would like to know when my winter tyres can be put on.'],
      ['c', 'Please call me back on this number, best after four. Thank you, goodbye.'],
    ],
    voicemail: true,
    sentiment: ['neutral', 0.1],
    summary: 'A caller asks when winter tyres can be put on and wants to be called after 16:00.',
    items: [['Call back after 16:00', 'agent', 'Please call me back on this number']],
    topics: ['winter tyres', 'call back'],
  },
];
