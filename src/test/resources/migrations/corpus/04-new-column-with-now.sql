-- expect: nothing
ALTER TABLE public.users ADD COLUMN seen TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now();
