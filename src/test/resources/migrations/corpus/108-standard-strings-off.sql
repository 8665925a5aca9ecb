-- expect: unclear 2
SET standard_conforming_strings = off;
