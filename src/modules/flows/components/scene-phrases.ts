/** What can be chosen for one aspect of a scene: by value, its label and the phrase it puts into the text. */
export interface SceneAspect {
  readonly key: string;
  readonly label: string;
  readonly choices: ReadonlyArray<readonly [value: string, label: string, phrase: string]>;
}

/** In the order in which the phrases stand in the text. */
export const SCENE_ASPECTS: readonly SceneAspect[] = [
  {
    key: 'imageStyle',
    label: 'Image style',
    choices: [
      ['photorealistic', 'Photorealistic', 'A photorealistic image with natural textures and true colors'],
      ['cinematic', 'Cinematic', 'A cinematic film still with deliberate composition and color grading'],
      ['anime', 'Anime', 'An anime illustration with clean lines and expressive shading'],
      ['watercolor', 'Watercolor', 'A watercolor painting with soft edges and visible paper grain'],
      ['oil_painting', 'Oil painting', 'An oil painting with rich pigments and visible brushwork'],
      ['comic', 'Comic', 'A comic book panel with bold ink outlines and flat colors'],
      ['3d_render', '3D render', 'A detailed 3D render with physically based materials'],
      ['pencil_sketch', 'Pencil sketch', 'A pencil sketch with fine hatching on white paper'],
    ],
  },
  {
    key: 'lighting',
    label: 'Lighting',
    choices: [
      ['natural', 'Natural', 'lit by soft natural light'],
      ['golden', 'Golden', 'lit by warm golden light from a low sun'],
      ['dramatic', 'Dramatic', 'lit dramatically, with hard contrast between light and deep shadow'],
      ['soft_studio', 'Soft studio', 'lit by even, diffused studio light'],
      ['neon', 'Neon', 'lit by colorful neon signs and their reflections'],
      ['backlit', 'Backlit', 'lit from behind, with a bright rim around the subject'],
      ['candlelight', 'Candlelight', 'lit by flickering candlelight'],
      ['moonlight', 'Moonlight', 'lit by cool, pale moonlight'],
    ],
  },
  {
    key: 'timeOfDay',
    label: 'Time of day',
    choices: [
      ['dawn', 'Dawn', 'at dawn'],
      ['morning', 'Morning', 'in the morning'],
      ['noon', 'Noon', 'at noon'],
      ['afternoon', 'Afternoon', 'in the late afternoon'],
      ['sunset', 'Sunset', 'at sunset'],
      ['dusk', 'Dusk', 'at dusk'],
      ['night', 'Night', 'at night'],
      ['midnight', 'Midnight', 'at midnight'],
    ],
  },
  {
    key: 'weather',
    label: 'Weather',
    choices: [
      ['clear', 'Clear', 'under a clear sky'],
      ['cloudy', 'Cloudy', 'under a cloudy sky'],
      ['rain', 'Rain', 'in the rain, with wet surfaces'],
      ['storm', 'Storm', 'in a storm, with dark clouds and lightning'],
      ['snow', 'Snow', 'in falling snow'],
      ['fog', 'Fog', 'in dense fog'],
      ['wind', 'Wind', 'in a strong wind'],
      ['haze', 'Haze', 'in warm, dusty haze'],
    ],
  },
  {
    key: 'cameraAngle',
    label: 'Camera angle',
    choices: [
      ['eye_level', 'Eye level', 'seen at eye level'],
      ['low', 'Low angle', 'seen from a low angle, looking up'],
      ['high', 'High angle', 'seen from a high angle, looking down'],
      ['birds_eye', "Bird's eye", 'seen from straight above'],
      ['worms_eye', "Worm's eye", 'seen from the ground, looking straight up'],
      ['dutch', 'Dutch angle', 'seen at a tilted angle'],
      ['over_shoulder', 'Over the shoulder', 'seen over the shoulder of a person in front'],
      ['close_up', 'Close-up', 'seen in close-up'],
    ],
  },
  {
    key: 'cameraLens',
    label: 'Camera lens',
    choices: [
      ['wide', 'Wide, 24 mm', 'taken with a 24 mm wide-angle lens'],
      ['ultra_wide', 'Ultra wide, 14 mm', 'taken with a 14 mm ultra-wide lens'],
      ['standard', 'Standard, 50 mm', 'taken with a 50 mm lens'],
      ['portrait', 'Portrait, 85 mm', 'taken with an 85 mm portrait lens and a blurred background'],
      ['telephoto', 'Telephoto, 200 mm', 'taken with a 200 mm telephoto lens and compressed perspective'],
      ['macro', 'Macro', 'taken with a macro lens, tiny details in focus'],
      ['fisheye', 'Fisheye', 'taken with a fisheye lens'],
      ['anamorphic', 'Anamorphic', 'taken with an anamorphic lens, with horizontal flares'],
    ],
  },
  {
    key: 'mood',
    label: 'Mood',
    choices: [
      ['calm', 'Calm', 'The mood is calm and peaceful'],
      ['joyful', 'Joyful', 'The mood is joyful and bright'],
      ['melancholic', 'Melancholic', 'The mood is melancholic and quiet'],
      ['mysterious', 'Mysterious', 'The mood is mysterious'],
      ['tense', 'Tense', 'The mood is tense'],
      ['romantic', 'Romantic', 'The mood is romantic and tender'],
      ['epic', 'Epic', 'The mood is epic and grand'],
      ['eerie', 'Eerie', 'The mood is eerie and unsettling'],
    ],
  },
];

/** The scene in words: one sentence of style, light, time, weather and camera, one of mood. `''` without any choice. */
export function sceneText(chosen: (key: string) => string): string {
  const phrases = SCENE_ASPECTS.map(({ key, choices }) => ({
    key,
    phrase: choices.find(([value]) => value === chosen(key))?.[2] ?? '',
  }));
  const setting = phrases.filter(({ key, phrase }) => key !== 'mood' && phrase !== '').map(({ phrase }) => phrase);
  const mood = phrases.find(({ key }) => key === 'mood')?.phrase ?? '';
  return [setting.join(', '), mood].filter(Boolean).map(toSentence).join(' ');
}

function toSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
